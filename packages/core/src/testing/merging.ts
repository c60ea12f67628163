import type { OpResult } from "../batch.ts"
import { defineKinds, kind } from "../kinds.ts"
import type { StoreOptions } from "../store-options.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same } from "./claim.ts"

type Fields = Readonly<Record<string, unknown>>

const kinds = defineKinds({
  counters: kind<number>({
    merge: (base = 0, mine, theirs) => theirs + mine - base,
  }),
  drafts: kind<Fields>({
    merge: (base = {}, mine, theirs) => {
      const changed = Object.entries(mine).filter(([name, value]) => value !== base[name])
      return { ...theirs, ...Object.fromEntries(changed) }
    },
    version: 2,
    upcast: { 1: (draft: Fields) => draft },
  }),
  unruly: kind<number>({
    merge: (_base, mine) => {
      if (mine === 13) throw new RangeError("unlucky")
      return Number.NaN
    },
  }),
})
const options: StoreOptions = { kinds }

const over = (kind: string, value: unknown, seen: unknown) => ({
  ops: [{ type: "set" as const, kind, key: "a", value, over: { value: seen } }],
})

const outcomeOf = (result: OpResult) => ("outcome" in result ? result.outcome : undefined)

/** Sets that meet another value than their writer had seen, Z9. */
export const mergingCases: readonly ContractCase[] = [
  contractCase(
    "Z9 a set over what is no longer there is merged with what is, by its kind",
    async (store) => {
      await store.set("counters", "a", 10)
      const { results } = await store.commit(over("counters", 8, 7))
      same(results.map(outcomeOf), ["updated"])
      same(await store.get("counters", "a"), 11)
      await store.commit(over("counters", 20, 11))
      same(await store.get("counters", "a"), 20)
      await store.commit({
        ops: [{ type: "set", kind: "counters", key: "a", value: 3, over: {} }],
      })
      same(await store.get("counters", "a"), 23)
      same((await store.commit(over("counters", 5, 5))).results.map(outcomeOf), ["unchanged"])
    },
    options,
  ),
  contractCase(
    "Z9 what was deleted meanwhile is set as it is, and a kind without merge keeps the later write",
    async (store) => {
      await store.commit(over("counters", 8, 7))
      same(await store.get("counters", "a"), 8)
      await store.set("plain", "a", "theirs")
      await store.commit(over("plain", "mine", "before"))
      same(await store.get("plain", "a"), "mine")
    },
    options,
  ),
  contractCase(
    "Z9 values of a later schema are merged as they are read, and stored as they are written",
    async (store) => {
      await store.set("drafts", "a", { title: "Ebb", text: "…" })
      await store.commit(over("drafts", { title: "Tide", text: "" }, { title: "Tide", text: "-" }))
      same(await store.get("drafts", "a"), { title: "Ebb", text: "" })
    },
    options,
  ),
  contractCase(
    "Z9 own writes, one after the other or in one batch, are not merged with each other",
    async (store) => {
      const [first, second] = [store.set("counters", "a", 1), store.set("counters", "a", 5)]
      same(store.peek("counters", "a"), 5)
      await Promise.all([first, second])
      await store.setMany("counters", [
        ["a", 6],
        ["a", 7],
      ])
      same(await store.get("counters", "a"), 7)
      await store.transaction(async (tx) => {
        await tx.set("counters", "a", 8)
        await tx.set("counters", "a", 9)
      })
      same(await store.get("counters", "a"), 9)
    },
    options,
  ),
  contractCase(
    "Z9 ifVersion and update know themselves, and a merge that fails refuses its batch alone",
    async (store) => {
      await store.set("counters", "a", 1)
      await refuses("conflict", () => store.set("counters", "a", 5, { ifVersion: 7 }))
      await store.update("counters", "a", (n) => (n as number) + 1)
      same(await store.get("counters", "a"), 2)
      await store.set("unruly", "a", 1)
      const error = await refuses("validation_failed", () => store.commit(over("unruly", 13, 7)))
      same([error.details.kind, error.details.key], ["unruly", "a"])
      holds(error.message.includes("unlucky"), "the error tells what was thrown")
      await refuses("invalid_value", () => store.commit(over("unruly", 2, 7)))
      await refuses("invalid_value", () =>
        store.commit({
          ops: [{ type: "set", kind: "unruly", key: "a", value: 1, over: "x" as never }],
        }),
      )
      same(await store.get("unruly", "a"), 1)
      same(store.status.get().pending, 0)
    },
    options,
  ),
]
