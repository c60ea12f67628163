// A process that writes until it is killed. Each batch that its store has acknowledged is a line
// of its output: the number of the batch, and its seq or "-".
import { writeSync } from "node:fs"
import { flushCompileCache } from "node:module"
import { openStore } from "@tidemark/core/better-sqlite3"
import { Random } from "../random.ts"
import { Workload } from "../workload.ts"

const [path = "", name = "", mode = "", seed = ""] = process.argv.slice(2)
const durability = mode === "process" ? "process" : "full"
// Who is killed saves nothing for the next one when it ends.
flushCompileCache()

const random = new Random(Number(seed))
const workload = new Workload(name, random, ({ batch, seq = "-" }) => {
  writeSync(1, `${batch} ${seq}\n`)
})
let store = openStore({ path, durability })
for (;;) {
  await workload.step(store)
  if (!random.chance(0.02)) continue
  // The last one to close takes the write-ahead log away: a moment to be killed in, too.
  await store.close()
  store = openStore({ path, durability })
}
