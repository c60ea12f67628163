import { describe, expect, it } from "vitest"
import type { Change } from "../src/change.ts"
import { MemoryEngine } from "../src/engines/memory.ts"
import { Feed } from "../src/feed.ts"
import { openStoreAtOnce } from "../src/open.ts"
import { MovableEngine } from "./movable-engine.ts"

function change(seq: number, key = `k${seq}`): Change {
  const facts = { kind: "u", value: seq, version: 1, at: 0, cause: "write", batch: seq }
  return { seq, type: "create", key, ...facts }
}

const changes = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => change(from + index))

describe("Feed", () => {
  it.each([
    [[100, 100]],
    [[4_000, 4_000, 4_000]],
    [[1, 8_200, 3, 5_000]],
    [Array.from({ length: 30 }, () => 1_000)],
  ])(
    "Z6 has every change after any position, in memory or from the log: steps of %o",
    async (steps) => {
      const engine = new MemoryEngine()
      const feed = new Feed(engine)
      feed.start(0)
      let position = 0
      for (const size of steps) {
        const some = changes(position + 1, position + size)
        position += size
        engine.ingest({ epoch: "e", to: position, changes: some })
        feed.advance({ to: position, changes: some, settled: [] })
        for (const after of [0, 1, position - 4_097, position - 4_096, position - 1, position]) {
          if (after < 0) continue
          const found = await feed.after(after, 3)
          const expected = changes(after + 1, Math.min(after + 3, position))
          expect(found.map(({ seq }) => seq)).toEqual(expected.map(({ seq }) => seq))
        }
      }
    },
  )

  it("Z6 tells a replacement once, to readers that had read all before it", () => {
    const feed = new Feed(new MemoryEngine())
    feed.start(5)
    const difference = [change(2)]
    feed.advance({ to: 2, changes: difference, settled: [], reset: true })
    expect([feed.position, feed.generation]).toEqual([2, 1])
    expect(feed.replacement(5, 0)).toBe(difference)
    expect(() => feed.replacement(4, 0)).toThrow(
      expect.objectContaining({ code: "position_too_old" }),
    )
    feed.advance({ to: 3, changes: [], settled: [], reset: true })
    expect(() => feed.replacement(5, 0)).toThrow(
      expect.objectContaining({ code: "position_too_old" }),
    )
  })

  it("Z6 wakes its readers at each advance and at the end, until they leave", () => {
    const feed = new Feed(new MemoryEngine())
    let woken = 0
    const leave = feed.onWake(() => {
      woken++
    })
    feed.advance({ to: 1, changes: changes(1, 1), settled: [] })
    feed.end()
    leave()
    feed.end()
    expect([woken, feed.ended]).toEqual([2, true])
  })
})

describe("a watch on a sequence that is replaced", () => {
  it("Z6 is told the difference when it had read all, and goes on in the new sequence", async () => {
    const engine = new MovableEngine()
    const store = openStoreAtOnce(engine)
    const seen: string[] = []
    store.watch("u", { from: "current" }).subscribe(({ key }) => seen.push(key))
    await store.setMany("u", { a: 1, b: 1 })
    await Promise.resolve()
    engine.replace(90, [change(90, "new")])
    await Promise.resolve()
    engine.tell({ to: 91, changes: [change(91, "next")] })
    await store.close()
    expect(seen).toEqual(["a", "b", "new", "next"])
    expect([store.epoch, store.position]).toEqual(["another", 91])
  })

  it("Z6 ends with position_too_old when it had not, by an error or in its loop", async () => {
    const engine = new MovableEngine()
    const store = openStoreAtOnce(engine)
    const loop = store.watch("u", { buffer: 1 })[Symbol.asyncIterator]()
    for (const key of ["a", "b", "c"]) await store.set("u", key, 1)
    expect((await loop.next()).value?.key).toBe("a")
    const failed = Promise.withResolvers<unknown>()
    store.watch("u", { from: 0, buffer: 1 }).subscribe({ error: failed.resolve })
    engine.replace(90, [])
    await expect(loop.next()).rejects.toMatchObject({ code: "position_too_old" })
    expect(await failed.promise).toMatchObject({
      code: "position_too_old",
      hint: expect.stringContaining("current"),
    })
    await store.close()
  })

  it("Z6 from a position that the log no longer has ends with position_too_old", async () => {
    const engine = new MovableEngine()
    engine.ingest({ epoch: "e", to: 50, changes: [], reset: { rows: [] } })
    const store = openStoreAtOnce(engine)
    await expect(
      store.watch("u", { from: 3 })[Symbol.asyncIterator]().next(),
    ).rejects.toMatchObject({ code: "position_too_old", details: { after: 3, horizon: 50 } })
    await expect(store.changes({ after: 49 })).rejects.toMatchObject({ code: "position_too_old" })
    expect(await store.changes({ after: 50 })).toEqual([])
    await store.close()
  })
})
