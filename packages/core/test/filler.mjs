// A process that writes to the store given as its first argument until a write is refused, and
// prints what it was told as JSON; then it ends without closing the store.
import { writeSync } from "node:fs"
import { openStore } from "@tidemark/core/better-sqlite3"

const store = openStore({ path: process.argv[2] ?? "" })
let acknowledged = 0
let error
while (error === undefined && acknowledged < 10_000) {
  try {
    await store.set("u", `k${acknowledged}`, "x".repeat(5_000))
    acknowledged++
  } catch (refused) {
    error = refused
  }
}
const { health } = store.status.get()
const shown = store.peek("u", `k${acknowledged}`) ?? null
const report = { acknowledged, code: error?.code, health, shown, count: await store.count("u") }
writeSync(1, JSON.stringify(report))
process.exit()
