import type { Change } from "../change.ts"
import type { Handler } from "../consume.ts"
import type { Store } from "../store.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same } from "./claim.ts"
import { caughtUp, note, reached, started } from "./consumed.ts"

/** Where consumers keep their positions. */
const CONSUMERS = "tidemark:consumers"

/** The course of a consumer: from where, each change once, in order, with what it writes: E8. */
export const consumingCases: readonly ContractCase[] = [
  contractCase(
    "E8 a consumer handles each change once, in order, and goes on where it stood",
    async (store) => {
      const seen: string[] = []
      const first = store.consume("c", "u", note(seen))
      await started(first)
      await store.setMany("u", { a: 1, b: 2 })
      await store.set("v", "x", 1)
      await store.delete("u", "a")
      await reached(first, () => seen.length === 3)
      await first.close()
      await store.set("u", "c", 3)
      const second = store.consume("c", "u", note(seen))
      await store.set("u", "d", 4)
      await reached(second, () => seen.length === 5)
      await caughtUp(second, store)
      same(seen, ["create a", "create b", "delete a", "create c", "create d"])
    },
  ),
  contractCase(
    "E8 what a handler writes is one batch with the position that follows from it",
    async (store) => {
      const consumer = store.consume("sum", "u", addTo("all"), { batch: 1 })
      await started(consumer)
      await store.setMany("u", { a: 1, b: 2 })
      await store.set("u", "c", 4)
      await reached(consumer, () => store.peek("sums", "all") === 7)
      await caughtUp(consumer, store)
      const sums = await store.history("sums", "all")
      const moves = await store.history(CONSUMERS, "sum")
      same(
        sums.map(({ value, origin, batch }) => [value, origin, batch]),
        [
          [7, "consumer:sum", moves[0]?.batch],
          [3, "consumer:sum", moves[1]?.batch],
          [1, "consumer:sum", moves[1]?.batch],
        ],
      )
    },
  ),
  contractCase(
    "E8 one that is being closed does not mind that another goes on in its place",
    async (_, open) => {
      const reported: unknown[] = []
      const store = await open({ onError: (error) => void reported.push(error) })
      const seen: string[] = []
      let begun = false
      const first = store.consume("c", "u", async (change, tx, { signal }) => {
        begun = true
        await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()))
        await tx.set("copies", change.key, change.value)
      })
      await started(first)
      await store.set("u", "a", 1)
      await reached(first, () => begun)
      const closing = first.close()
      const second = store.consume("c", "u", note(seen))
      await Promise.all([closing, first.ended])
      await caughtUp(second, store)
      // Whichever of them was faster has handled it; neither has failed.
      same([seen.length + (await store.count("copies")), reported], [1, []])
      same(first.status.get().state, "closed")
      await store.close()
    },
  ),
  contractCase("E8 small batches are handled together, and none is split", async (store) => {
    for (const key of ["a", "b"]) await store.set("u", key, 1)
    await store.setMany("u", { c: 1, d: 1, e: 1 })
    await store.set("u", "f", 1)
    const transactions = async (batch: number) => {
      const consumer = store.consume(`by ${batch}`, "u", () => {}, { from: 0, batch })
      await caughtUp(consumer, store)
      return (await store.history(CONSUMERS, consumer.name)).length - 1
    }
    same([await transactions(1), await transactions(2), await transactions(100)], [4, 3, 1])
  }),
  contractCase("E8 from says where the first start begins, and only that one", async (store) => {
    await store.set("u", "a", 1)
    const after = store.position
    await store.set("u", "b", 1)
    const told: Record<string, string[]> = { now: [], current: [], seq: [] }
    const start = (name: string, from: "now" | "current" | number) =>
      store.consume(name, "u", note(told[name] ?? []), { from })
    const all = () => [start("now", "now"), start("current", "current"), start("seq", after)]
    const before = all()
    await Promise.all(before.map(started))
    const { seq } = await store.set("u", "c", 1)
    for (const consumer of before) {
      await reached(consumer, () => consumer.position >= seq)
      await consumer.close()
    }
    const { seq: last } = await store.set("u", "d", 1)
    for (const consumer of all()) await reached(consumer, () => consumer.position >= last)
    same(told, {
      now: ["create c", "create d"],
      current: ["replay a", "replay b", "create c", "create d"],
      seq: ["create b", "create c", "create d"],
    })
  }),
  contractCase(
    "E8 a replay that is interrupted goes on with the rest of what was there",
    async (store) => {
      const keys = ["a", "b", "c", "d", "e"]
      await store.setMany("u", Object.fromEntries(keys.map((key) => [key, 1])))
      await store.set("v", "z", 1)
      await store.delete("v", "z")
      const seen: string[] = []
      const first = store.consume("c", "*", note(seen), { from: "current", batch: 2 })
      await reached(first, () => seen.length >= 2)
      await first.close()
      holds(seen.length < 5, "it was interrupted")
      same(first.position, 0)
      await store.set("u", "e", 2)
      await store.delete("u", "d")
      await caughtUp(store.consume("c", "*", note(seen), { from: "current" }), store)
      same(seen, [...keys.map((key) => `replay ${key}`), "update e", "delete d"])
    },
  ),
  contractCase("E8 a target may be an entry, a prefix, several, or everything", async (store) => {
    await store.setMany("u", { a: 1, ab: 1, b: 1 })
    await store.set("v", "a", 1)
    const targets = [
      ["u", "a"],
      { kind: "u", prefix: "a" },
      { anyOf: ["v", ["u", "b"]] },
      "*",
    ] as const
    for (const from of ["current", 0] as const) {
      const seen: string[][] = []
      for (const [index, target] of targets.entries()) {
        const keys: string[] = []
        const handler = ({ kind, key }: Change) => void keys.push(`${kind}/${key}`)
        await caughtUp(store.consume(`${from} ${index}`, target, handler, { from }), store)
        seen.push(keys.sort())
      }
      same(seen, [["u/a"], ["u/a", "u/ab"], ["u/b", "v/a"], ["u/a", "u/ab", "u/b", "v/a"]])
    }
  }),
  contractCase(
    "E8 lag is live: 0 when caught up, whatever the consumer itself writes",
    async (store) => {
      let release = () => {}
      const held = new Promise<void>((resolve) => {
        release = resolve
      })
      const handler: Handler = async ({ key }, tx) => {
        await held
        await tx.set("effects", key, 1)
      }
      const consumer = store.consume("c", "u", handler, { batch: 1 })
      await caughtUp(consumer, store)
      same(consumer.lag.get(), 0)
      await store.set("u", "a", 1)
      const { position } = store
      await store.set("u", "b", 1)
      await reached(consumer, () => consumer.lag.get() > 0)
      holds(consumer.lag.get() <= store.position - position + 1, "no more than what came")
      const lags: number[] = []
      consumer.lag.subscribe(() => lags.push(consumer.lag.get()))
      release()
      await reached(consumer, () => store.peek("effects", "b") === 1 && consumer.lag.get() === 0)
      await caughtUp(consumer, store)
      same([lags.at(-1), lags.filter((lag) => lag === 0).length], [0, 1])
      const { position: rest } = store
      await store.set("v", "x", 1)
      await store.set("u", "c", 1)
      await reached(consumer, () => store.peek("effects", "c") === 1)
      await caughtUp(consumer, store)
      same(store.position, rest + 4, "a foreign change, one of the target, its effect, the record")
    },
  ),
  contractCase("E8 a handler may write to what it follows", async (store) => {
    const consumer = store.consume("c", "u", async ({ key, value }, tx) => {
      if ((value as number) < 5) await tx.set("u", key, (value as number) + 1)
    })
    await started(consumer)
    await store.set("u", "a", 1)
    await reached(consumer, () => store.peek("u", "a") === 5)
  }),
  contractCase(
    "E8 pruning does not pass a consumer, until its record is deleted",
    async (store) => {
      const seen: string[] = []
      const first = store.consume("c", "v", note(seen))
      await started(first)
      await first.close()
      await fill(store)
      await store.prune({ changes: 0, versions: 0 })
      const second = store.consume("c", "v", note(seen))
      await caughtUp(second, store)
      same(seen, ["create a", "update a", "update a", "create b"])
      await second.close()
      await store.delete(CONSUMERS, "c")
      await store.prune({ changes: 0, versions: 0 })
      await refuses("position_too_old", () => store.changes({ after: 1 }))
    },
  ),
  contractCase(
    "E8 a position that the log no longer reaches stops it, or makes it begin with what is there",
    async (store) => {
      await fill(store)
      await store.prune({ changes: 0, versions: 0 })
      const seen: string[] = []
      const strict = store.consume("c", "v", note(seen), { from: 1 })
      await refuses("position_too_old", () => strict.ended)
      let resets = 0
      const consumer = store.consume("c", "v", note(seen), {
        onGap: "replay",
        retry: { first: 0 },
        async reset(tx) {
          await tx.set("effects", "reset", ++resets)
          if (resets === 1) throw new Error("not yet")
        },
      })
      await reached(consumer, () => seen.length === 2)
      const [reset] = await store.history("effects", "reset")
      const moves = await store.history(CONSUMERS, "c")
      same([reset?.value, reset?.version], [2, 1])
      const begun = moves.find(({ batch }) => batch === reset?.batch)?.value as { replay?: unknown }
      same(begun?.replay, [])
      await store.set("v", "a", 9)
      await caughtUp(consumer, store)
      same(seen, ["replay a", "replay b", "update a"])
    },
    { onError: () => {} },
  ),
]

/** A handler that adds values up. */
function addTo(key: string): Handler {
  return async ({ value }, tx) => {
    const sum = ((await tx.get("sums", key)) ?? 0) as number
    await tx.set("sums", key, sum + (value as number))
  }
}

/** Two entries with a past, and behind them more than a store holds in memory. */
async function fill(store: Store): Promise<void> {
  for (let n = 0; n < 3; n++) await store.set("v", "a", n)
  await store.set("v", "b", 1)
  await store.setMany(
    "u",
    Object.fromEntries(Array.from({ length: 9_000 }, (_, n) => [`k${n}`, n])),
  )
}
