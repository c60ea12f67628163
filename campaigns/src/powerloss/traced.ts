// The process whose writes are traced: so many steps on a store, then the end. What its store has
// acknowledged goes, line by line, into a file that the trace knows.
import { openSync, writeSync } from "node:fs"
import { openStore } from "@tidemark/core/better-sqlite3"
import Database from "better-sqlite3"
import { Random } from "../random.ts"
import { Workload } from "../workload.ts"

const [path = "", mode = "", seed = "", steps = ""] = process.argv.slice(2)
const durability = mode === "process" ? "process" : "full"

/** Checkpoints come every 40 pages in place of 1,000, so that a short run has many. */
class OftenCheckpointed extends Database {
  constructor(...options: ConstructorParameters<typeof Database>) {
    super(...options)
    this.pragma("wal_autocheckpoint = 40")
  }
}

const random = new Random(Number(seed))
const told = openSync(`${path}-acknowledged`, "a")
const workload = new Workload("w", random, ({ batch, seq = "-" }) => {
  writeSync(told, `${batch} ${seq}\n`)
})
const open = () => openStore({ path, durability, driver: OftenCheckpointed })
let store = open()
for (let step = 0; step < Number(steps); step++) {
  await workload.step(store)
  if (!random.chance(0.03)) continue
  await store.close()
  store = open()
}
await store.close()
