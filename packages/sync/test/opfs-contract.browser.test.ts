import { openStoreOn } from "@tidemark/core/engine"
import { type ContractCase, storeContract } from "@tidemark/core/testing"
import { openOpfs } from "@tidemark/sync/browser"
import { describe, it } from "vitest"
import { LentWorker, newDirectory } from "./opfs-workers.ts"

/** What kinds declare stays outside of the worker: there, values are equal by their bytes. */
const gaps = [
  "Z9 a kind's equals decides what is unchanged, in what is shown on the way too",
  "Z9 an equals that throws refuses its batch by kind and key, and no other",
  "Z9 a set over what is no longer there is merged with what is, by its kind",
  "Z9 values of a later schema are merged as they are read, and stored as they are written",
  "Z9 ifVersion and update know themselves, and a merge that fails refuses its batch alone",
]

// Several at once: most of what a case takes is the wait for the disk.
describe.concurrent("Z12 the store contract on sqlite-wasm on OPFS", () => {
  for (const { name, run } of storeContract) {
    const test = gaps.includes(name) ? it.fails : it
    test(name, () => onOpfs(run))
  }
})

/** Workers whose storage was closed in good order. */
const idle: LentWorker[] = []

/** Runs a case on stores that keep themselves in the outbox engine, which is a whole engine of its own. */
async function onOpfs(run: ContractCase["run"]): Promise<void> {
  await run(async (options) => {
    const worker = idle.pop() ?? new LentWorker()
    const createWorker = () => worker.lend()
    const { base, outbox } = await openOpfs({ directory: newDirectory(), createWorker })
    const store = await openStoreOn(outbox, options)
    const close = store.close.bind(store)
    let closing: Promise<void> | undefined
    const closeAll = async () => {
      await close()
      await base.close()
      idle.push(worker)
    }
    store.close = () => {
      closing ??= closeAll()
      return closing
    }
    return store
  })
}
