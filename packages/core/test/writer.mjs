// A process that writes to the store given as its first argument: one awaited set after the
// other, keys `<name>0`, `<name>1` …, and prints the seq of each on a line once it is acknowledged.
import { writeSync } from "node:fs"
import { openStore } from "@tidemark/core/better-sqlite3"

const [path = "", name = "", count = "0", durability = "full"] = process.argv.slice(2)
const store = openStore({ path, durability: durability === "process" ? "process" : "full" })
for (let n = 0; n < Number(count); n++) {
  const { seq } = await store.set("u", `${name}${n}`, { n, by: name, text: "x".repeat(n % 300) })
  writeSync(1, `${seq}\n`)
}
await store.close()
