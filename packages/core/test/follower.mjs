// A process that writes to the store given as its first argument and follows it. It writes so
// many entries `<name>0`, `<name>1` …, some of them as batches, and prints each change that it is
// told as JSON on a line. It ends when it is told of the entry "end".
import { writeSync } from "node:fs"
import { openStore } from "@tidemark/core/better-sqlite3"

const [path = "", name = "", count = "0", durability = "full"] = process.argv.slice(2)
const store = openStore({ path, durability: durability === "process" ? "process" : "full" })
// A process ends that does nothing but follow: following keeps none alive.
const alive = setInterval(() => {}, 60_000)
const ended = new Promise((resolve) => {
  store.watch("u", { from: 0 }).subscribe(({ seq, key, value, batch }) => {
    writeSync(1, `${JSON.stringify([seq, key, value, batch])}\n`)
    if (key === "end") resolve(undefined)
  })
})
for (let n = 0; n < Number(count); n += 3) {
  const entry = (index) => [`${name}${index}`, { by: name, n: index }]
  await store.set("u", ...entry(n))
  await store.setMany("u", [entry(n + 1), entry(n + 2)])
  // Others get their turn, as they would in a process that has more to do.
  await new Promise((resolve) => setTimeout(resolve, 1))
}
await ended
clearInterval(alive)
await store.close()
