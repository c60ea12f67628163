import { type Batch, kind, type Query, type Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import fc from "fast-check"
import { expect, it } from "vitest"
import { indexes, query, value } from "./querying.ts"

/** Writes of the same entries to a kind with indexes and to one without. */
const batch: fc.Arbitrary<Batch> = fc
  .array(
    fc.record({
      key: fc.nat(30).map((n) => `k${n}`),
      value: fc.option(value, { freq: 4 }),
      // Of the time that has passed: such an entry is in the tables, and nobody sees it.
      expiresAt: fc.option(fc.constant(1), { freq: 3 }),
    }),
    { minLength: 1, maxLength: 8 },
  )
  .map((writes) => ({
    ops: writes.flatMap(({ key, value, expiresAt }) =>
      ["u", "v"].map((kind) => {
        if (value === null) return { type: "delete", kind, key } as const
        const op = { type: "set", kind, key, value } as const
        return expiresAt === null ? op : { ...op, expiresAt }
      }),
    ),
  }))

async function expectSame(store: Store, asked: Query): Promise<void> {
  const keysOf = (entries: readonly { readonly key: string }[]) => entries.map(({ key }) => key)
  const expected = await store.keys("v", asked)
  expect(await store.keys("u", asked)).toEqual(expected)
  expect(await store.count("u", asked)).toBe(await store.count("v", asked))
  const live = store.liveList("u", asked)
  const off = live.subscribe(() => {})
  await live.ready
  expect(keysOf(live.get())).toEqual(expected)
  off()
  await store.transaction(async (tx) => {
    expect(keysOf(await tx.list("u", asked))).toEqual(expected)
  })
}

it("Z1 random queries find the same with random indexes as without, whatever was written", async () => {
  const batches = fc.array(batch, { minLength: 3, maxLength: 12 })
  const queries = fc.array(query, { minLength: 10, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(indexes, batches, queries, async (declared, written, asked) => {
      const kinds = { u: kind<unknown>({ indexes: declared }) }
      const store = openStore({ path: ":memory:", kinds }) as Store
      for (const one of written) await store.commit(one)
      for (const one of asked) await expectSame(store, one)
      // Once more, with a batch that is on its way.
      const [again] = written
      if (again !== undefined) {
        const last = store.commit(again)
        for (const one of asked.slice(0, 3)) await expectSame(store, one)
        await last
      }
      expect(await store.check()).toEqual({ ok: true, problems: [] })
      await store.close()
    }),
    { numRuns: 200 },
  )
}, 60_000)
