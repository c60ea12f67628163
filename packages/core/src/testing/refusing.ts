import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same } from "./claim.ts"

/** What must be refused, and what must pass unharmed: Z2 at its edges. */
export const refusingCases: readonly ContractCase[] = [
  contractCase(
    "Z2 a value that JSON cannot carry is refused with its path, and nothing is written",
    async (store) => {
      const cycle: { self?: unknown } = {}
      cycle.self = cycle
      const bad: [unknown, string][] = [
        [undefined, ""],
        [{ a: [1, { b: undefined }] }, "a[1].b"],
        [{ when: new Date(0) }, "when"],
        [{ n: Number.NaN }, "n"],
        [[1n], "[0]"],
        [{ f: () => 1 }, "f"],
        [new Map(), ""],
        [cycle, "self"],
      ]
      for (const [value, path] of bad) {
        const error = await refuses("invalid_value", () => store.set("u", "a", value))
        same(error.details.path, path)
        holds(error.hint !== undefined, "it says what to do")
      }
      await refuses("invalid_value", () => store.setMany("u", { good: 1, bad: undefined }))
      same(await store.count("u"), 0)
      same((await store.changes({ after: 0 })).length, 0)
    },
  ),
  contractCase("Z2 hostile names are data or refused, never more", async (store) => {
    const names = [
      "__proto__",
      "constructor",
      "toString",
      "a\u0000b",
      "a'; DROP TABLE kv; --",
      "\n",
      "مرحبا",
      "%_",
    ]
    for (const name of names) await store.set(name, name, { [name]: name })
    for (const name of names) {
      const value = (await store.get(name, name)) as Record<string, unknown>
      holds(
        Object.hasOwn(value, name) && value[name] === name,
        `the name ${JSON.stringify(name)} came back`,
      )
    }
    same((await store.kinds()).length, names.length)
    same(({} as Record<string, unknown>).polluted, undefined)
    await refuses("invalid_key", () => store.set("", "a", 1))
    await refuses("invalid_key", () => store.set("*", "a", 1))
    await refuses("invalid_key", () => store.set("u", "\ud800", 1))
    await refuses("invalid_key", () => store.set("u", 7 as unknown as string, 1))
    await refuses("invalid_key", () => store.set("u", "x".repeat(65_537), 1))
  }),
  contractCase(
    "Z2 values come back frozen, and what was given stays the caller's own",
    async (store) => {
      const given = { list: [1] }
      await store.set("u", "a", given)
      given.list.push(2)
      same(await store.get("u", "a"), { list: [1] })
      const value = (await store.get("u", "a")) as { list: number[] }
      holds(Object.isFrozen(value) && Object.isFrozen(value.list), "it is frozen all the way down")
    },
  ),
  contractCase("Z2 large values and long keys pass unharmed", async (store) => {
    const key = "k".repeat(10_000)
    const value = { text: "ü€😀".repeat(30_000), empty: "", zero: 0, no: false, nil: null }
    await store.set("u", key, value)
    same(await store.get("u", key), value)
  }),
  contractCase("Z2 a refused write takes its effect back", async (store) => {
    await store.set("u", "a", 1)
    const live = store.live("u", "a")
    await live.ready
    const refused = store.commit({
      ops: [{ type: "set", kind: "u", key: "a", value: 2 }],
      expect: [{ kind: "u", unchangedSince: 0 }],
    })
    await refuses("conflict", () => refused)
    same(live.get(), 1)
    same(store.peek("u", "a"), 1)
    same(store.status.get().pending, 0)
  }),
]
