// A process that consumes the kind "orders" of the store given as its first argument, under the
// name "totals": it adds the orders up and counts how often each was handled. It prints the seq of
// each change that it has handled, before that is committed, on a line, and "stopped" with the code
// when it is stopped. From the change on that its third argument counts it handles none to the end.
// It runs until it is killed or stopped.
import { writeSync } from "node:fs"
import { openStore } from "@tidemark/core/better-sqlite3"

const [path = "", durability = "full", patience = "Infinity"] = process.argv.slice(2)
const store = openStore({
  path,
  durability: durability === "process" ? "process" : "full",
  onError() {},
})
const alive = setInterval(() => {}, 60_000)
let handled = 0
const consumer = store.consume(
  "totals",
  "orders",
  async ({ key, value, seq }, tx) => {
    await tx.set("handled", key, Number((await tx.get("handled", key)) ?? 0) + 1)
    await tx.set("totals", "all", Number((await tx.get("totals", "all")) ?? 0) + Number(value))
    writeSync(1, `${seq}\n`)
    if (++handled >= Number(patience)) await new Promise(() => {})
  },
  { from: 0, batch: 7 },
)
await consumer.ended.catch(({ code }) => writeSync(1, `stopped ${code}\n`))
clearInterval(alive)
await store.close()
