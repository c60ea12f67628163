import { defineKinds, type KindDefinition, kind } from "../kinds.ts"
import type { Store } from "../store.ts"
import type { StoreOptions } from "../store-options.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same } from "./claim.ts"

type Schema = NonNullable<KindDefinition["schema"]>
type Verdict = ReturnType<Schema["~standard"]["validate"]>

/** A Standard Schema made of one function. */
const schemaOf = (validate: (value: unknown) => Verdict): Schema => ({
  "~standard": { version: 1, vendor: "tidemark", validate },
})
const accepts = (value: unknown) =>
  typeof value === "string"
    ? { value: value.trim() }
    : { issues: [{ message: "is no text", path: ["text"] }] }

const kinds = defineKinds({
  texts: kind(schemaOf(accepts)),
  slow: kind(schemaOf(async (value) => accepts(value))),
  broken: kind(
    schemaOf(() => {
      throw new RangeError("out of order")
    }),
  ),
  brokenLater: kind(schemaOf(() => Promise.reject(new RangeError("out of order")))),
  words: kind<string>({ equals: (a, b) => a.toLowerCase() === b.toLowerCase() }),
  unruly: kind<number>({
    equals: (a, b) => {
      if (b === 13) throw new RangeError("unlucky")
      return Math.abs(a - b) < 1
    },
  }),
  unsure: kind<number>({ equals: (() => Promise.resolve(true)) as never }),
})
const options: StoreOptions = { kinds }

/** Every way to write one value. */
const writes: Readonly<
  Record<string, (store: Store, kind: string, value: unknown) => Promise<unknown>>
> = {
  set: (store, kind, value) => store.set(kind, "a", value),
  setMany: (store, kind, value) => store.setMany(kind, [["a", value]]),
  transaction: (store, kind, value) => store.transaction((tx) => tx.set(kind, "a", value)),
  commit: (store, kind, value) => store.commit({ ops: [{ type: "set", kind, key: "a", value }] }),
}

/** What kinds say of values: whether they fit, Z8, and whether they are the same, Z9. */
export const judgingCases: readonly ContractCase[] = [
  contractCase(
    "Z8 a schema judges every write, at once or later, and what it makes is stored",
    async (store) => {
      for (const kind of ["texts", "slow"]) {
        for (const [name, write] of Object.entries(writes)) {
          const error = await refuses("validation_failed", () => write(store, kind, 7))
          same(
            [error.details.kind, error.details.key, error.details.path],
            [kind, "a", "text"],
            name,
          )
          same(store.peek(kind, "a"), undefined, name)
          await write(store, kind, ` ${name} `)
          same(await store.get(kind, "a"), name)
          await refuses("validation_failed", () => store.update(kind, "a", () => 7))
          await store.update(kind, "a", (text) => ` ${String(text)}! `)
          same((await store.delete(kind, "a")).previous, `${name}!`)
        }
      }
    },
    options,
  ),
  contractCase(
    "Z8 a schema that throws refuses the write by kind and key, with what it threw as the cause",
    async (store) => {
      for (const kind of ["broken", "brokenLater"]) {
        for (const write of Object.values(writes)) {
          const error = await refuses("validation_failed", () => write(store, kind, "x"))
          same([error.details.kind, error.details.key], [kind, "a"])
          holds(error.cause instanceof RangeError, "the cause is what was thrown")
        }
      }
      same(await store.kinds(), [])
    },
    options,
  ),
  contractCase(
    "Z9 a kind's equals decides what is unchanged, in what is shown on the way too",
    async (store) => {
      await store.set("words", "a", "Tide")
      const live = store.live("words", "a")
      await live.ready
      let shown = 0
      live.subscribe(() => shown++)
      const pending = store.set("words", "a", "TIDE")
      same([store.peek("words", "a"), live.get()], ["Tide", "Tide"])
      same((await pending).outcome, "unchanged")
      same([shown, await store.get("words", "a")], [0, "Tide"])
      same((await store.set("words", "a", "Ebb")).outcome, "updated")
      same((await store.set("others", "a", "Tide")).outcome, "created")
      same((await store.set("others", "a", "TIDE")).outcome, "updated")
    },
    options,
  ),
  contractCase(
    "Z9 an equals that throws refuses its batch by kind and key, and no other",
    async (store) => {
      await store.set("unruly", "a", 1)
      await store.set("unsure", "a", 1)
      const [refused, other] = await Promise.allSettled([
        store.set("unruly", "a", 13),
        store.set("unruly", "a", 2),
        store.set("words", "a", "Tide"),
      ])
      holds(refused.status === "rejected" && other.status === "fulfilled", "only one was refused")
      const error = await refuses("validation_failed", () => Promise.reject(refused.reason))
      same([error.details.kind, error.details.key], ["unruly", "a"])
      same(await store.get("unruly", "a"), 2)
      same(store.status.get().pending, 0)
      await refuses("validation_failed", () => store.set("unsure", "a", 2))
    },
    options,
  ),
]
