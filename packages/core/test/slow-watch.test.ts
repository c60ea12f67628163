import { openStoreAtOnce } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { expect, it } from "vitest"

/** An engine that notes how much of its log is asked for at once. */
class NotingEngine extends MemoryEngine {
  readonly limits: number[] = []
  readonly given: number[] = []

  override changes(after: number, limit: number) {
    const changes = super.changes(after, limit)
    this.limits.push(limit)
    this.given.push(changes.length)
    return changes
  }
}

it("Z5 a reader that does not answer costs no memory, and is told everything when it does", async () => {
  const engine = new NotingEngine()
  const store = openStoreAtOnce(engine)
  const loop = store.watch("u", { buffer: 64 })[Symbol.asyncIterator]()
  let expected = 0
  const readOn = async (count: number) => {
    for (let n = 0; n < count; n++) {
      const { value: change } = await loop.next()
      expect([change?.seq, change?.value]).toEqual([++expected, expected])
    }
  }
  let written = 0
  const writeOn = async (batches: number) => {
    for (let n = 0; n < batches; n++) {
      const batch = Array.from({ length: 100 }, (_, k) => [`k${100 + k}`, ++written] as const)
      await store.setMany("u", batch)
    }
  }
  const first = readOn(3)
  await writeOn(1)
  await first
  // It has a page of 100, one batch, and asks for nothing while three hundred more are written.
  await writeOn(300)
  expect(engine.limits).toEqual([])
  await readOn(10_000)
  await writeOn(100)
  await readOn(30_100 - 3)
  expect([expected, written]).toEqual([40_100, 40_100])
  // What is older than the newest changes was read from the log: by the batch, as a page is smaller.
  expect(engine.given.reduce((sum, given) => sum + given)).toBeGreaterThan(30_000)
  expect(Math.max(...engine.limits)).toBe(130)
  expect(Math.max(...engine.given)).toBe(130)
  await loop.return?.()
  await store.close()
})

it("Z17 a loop that is behind when the store closes says so, and does not end as if it had all", async () => {
  const store = openStoreAtOnce(new MemoryEngine())
  const loop = store.watch("u", { from: 0, buffer: 10 })[Symbol.asyncIterator]()
  for (let n = 0; n < 3; n++) {
    await store.setMany(
      "u",
      Array.from({ length: 5_000 }, (_, k) => [`k${k}`, n] as const),
    )
  }
  expect((await loop.next()).value?.seq).toBe(1)
  await store.close()
  for (let n = 1; n < 5_000; n++) await loop.next()
  await expect(loop.next()).rejects.toMatchObject({ code: "closed" })
})
