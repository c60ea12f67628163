import { derive } from "../derive.ts"
import type { Entry } from "../entry.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, same } from "./claim.ts"

/** What a live result that is made of others must show: Z3. */
export const derivingCases: readonly ContractCase[] = [
  contractCase(
    "Z3 a derived result shows what a function makes of others, now and after each change",
    async (store) => {
      await store.setMany("tasks", { a: { rank: 1 }, b: { rank: 2 }, c: { rank: 3 } })
      await store.set("ui", "least", 2)
      const shown = derive([store.liveList("tasks"), store.live("ui", "least")], shownFrom)
      await shown.ready
      same([shown.get(), shown.status], [["b", "c"], "ready"])
      const seen: unknown[] = []
      const stop = shown.subscribe(() => seen.push(shown.get()))
      await store.set("ui", "least", 3)
      await store.set("tasks", "a", { rank: 9 })
      await store.set("other", "a", 1)
      stop()
      await store.delete("tasks", "c")
      same(seen, [["c"], ["a", "c"]])
      same(shown.get(), ["a"])
    },
  ),
  contractCase(
    "Z3 a derived result is told once of a batch, and sees it whole by whatever ways",
    async (store) => {
      await store.setMany("u", { a: 1, b: 1 })
      const [a, b] = [store.live("u", "a"), store.live("u", "b")]
      const [up, down] = [derive([a], (n) => Number(n) + 100), derive([a], (n) => Number(n) - 100)]
      const all = derive([up, down, b, a], (...values) => values)
      await all.ready
      const seen: unknown[] = []
      const early: unknown[] = []
      a.subscribe(() => early.push(all.get())) // Asks before it is told.
      all.subscribe(() => seen.push(all.get()))
      b.subscribe(() => early.push(all.get()))
      await store.setMany("u", { a: 2, b: 2 })
      await store.set("u", "b", 3)
      const first = [102, -98, 2, 2]
      const second = [102, -98, 3, 2]
      same(seen, [first, second])
      same(early, [first, first, second])
    },
  ),
  contractCase(
    "Z3 a derived result keeps its identity where it stays equal, and that of its parts",
    async (store) => {
      await store.setMany("tasks", { a: { rank: 1, note: "" }, b: { rank: 2, note: "" } })
      const ranks = derive([store.liveList("tasks")], (tasks) =>
        tasks.map(({ key, value }) => ({ key, of: { ...(value as object), note: null } })),
      )
      await ranks.ready
      const before = ranks.get()
      const told: unknown[] = []
      ranks.subscribe(() => told.push(ranks.get()))
      await store.set("tasks", "b", { rank: 2, note: "later" })
      holds(ranks.get() === before, "an equal result is no other")
      same(told, [], "and nobody is told")
      await store.set("tasks", "b", { rank: 3, note: "" })
      const after = ranks.get()
      holds(after !== before && after[0] === before[0], "an equal part is the same")
      same(told, [after])
      holds(Object.isFrozen(after) && Object.isFrozen(after[1]?.of), "it is frozen")
    },
  ),
  contractCase(
    "Z3 a derived result follows several stores, and closes with the first of them",
    async (store, open) => {
      const other = await open()
      await Promise.all([store.set("u", "a", 1), other.set("u", "a", 10)])
      const sum = derive(
        [store.live("u", "a"), other.live("u", "a")],
        (x, y) => Number(x) + Number(y),
      )
      await sum.ready
      const seen: unknown[] = []
      sum.subscribe(() => seen.push([sum.get(), sum.status]))
      await store.set("u", "a", 2)
      await other.set("u", "a", 20)
      await other.close()
      await store.set("u", "a", 3)
      same(seen, [
        [12, "ready"],
        [22, "ready"],
        [22, "closed"],
        [23, "closed"],
      ])
    },
  ),
  contractCase("Z3 a derived result is read when all that it is made of is read", async (store) => {
    await store.setMany("u", { a: 1, b: 2 })
    const live = derive([store.live("u", "a"), store.live("u", "b")], (a, b) => [a, b])
    const isWaiting = live.status === "loading"
    await live.ready
    same([isWaiting, live.status, live.get()], [true, "ready", [1, 2]])
  }),
]

function shownFrom(tasks: readonly Entry[], least: unknown): readonly string[] {
  const isShown = ({ value }: Entry) => (value as { rank: number }).rank >= Number(least)
  return tasks.filter(isShown).map(({ key }) => key)
}
