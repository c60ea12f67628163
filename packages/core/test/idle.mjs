// Opens the store given as its argument, reads one entry, and prints how many bytes of the heap
// that took, once everything that can be collected is.
import { openStore } from "@tidemark/core/better-sqlite3"

const collect = async () => {
  await new Promise((resolve) => setImmediate(resolve))
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
const before = await collect()
const store = openStore({ path: process.argv[2] ?? "" })
const followed = store.live("u", "k1")
followed.subscribe(() => {})
await followed.ready
process.stdout.write(String((await collect()) - before))
await store.close()
