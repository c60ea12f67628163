import { host } from "../host.ts"
import type { Store } from "../store.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same } from "./claim.ts"

/** What a dump must carry, and what loading one must do: Z16. */
export const dumpingCases: readonly ContractCase[] = [
  contractCase("Z16 a dump holds every entry, and another store takes it", async (store, open) => {
    await store.setMany("u", { a: 1, "": "no name", '\n"\u0000😀': { deep: [null, true] } })
    await store.setMany("__proto__", { constructor: false })
    await store.set("u", "gone", 1)
    await store.delete("u", "gone")
    const lines = await textOf(store.dump())
    const other = await open()
    same(await other.load(lines), { lines: 4 })
    same(await contentOf(other), await contentOf(store))
    const again = other.position
    await other.load(lines)
    same(await other.changes({ after: again, kinds: ["u"] }), [])
    await other.close()
  }),
  contractCase("Z16 a dump of some kinds leaves the others out", async (store) => {
    await store.set("u", "a", 1)
    await store.set("v", "b", 1)
    const lines = await textOf(store.dump({ kinds: ["v"] }))
    same(lines.length, 2)
    holds(lines[1]?.includes('"b"') ?? false, "the line is the entry's")
  }),
  contractCase(
    "Z16 a dump is the state at one position, also when entries change while it is read",
    async (store, open) => {
      const pairs = Array.from({ length: 2_500 }, (_, n) => [`k${n}`, 0] as const)
      await store.setMany("u", pairs)
      const then = await contentOf(store)
      const lines: string[] = []
      for await (const line of store.dump()) {
        lines.push(line)
        if (lines.length === 1_500) {
          // Both, or none: the one was read already, the other was not.
          await store.setMany("u", { k0: 1, k999: 1 })
          await store.delete("u", "k1")
          await store.set("new", "a", 1)
          await store.prune({ changes: 0, versions: 0 })
        }
      }
      const other = await open()
      await other.load(lines)
      same(await contentOf(other), then)
      await other.close()
    },
  ),
  contractCase("Z16 a dump may come in pieces of any size, and as bytes", async (store, open) => {
    await store.setMany("u", { a: "ü€😀", b: 2 })
    const text = (await textOf(store.dump())).join("")
    const bytes = new host.TextEncoder().encode(text)
    const pieces = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
    const other = await open()
    await other.load(pieces)
    same(await contentOf(other), await contentOf(store))
    await other.close()
  }),
  contractCase(
    "Z16 what is no dump is refused with its line, and told before it",
    async (store) => {
      const good = '{"tidemark":1,"epoch":"e","seq":0}\n{"kind":"u","key":"a","value":1}\n'
      for (const bad of ["{", "[]", '{"kind":"u"}', '{"kind":"u","key":"b"}', '{"tidemark":2}']) {
        const error = await refuses("invalid_value", () => store.load([good, bad]))
        same(error.details.line, 3)
      }
      const error = await refuses("invalid_key", () =>
        store.load(['{"kind":"*","key":"a","value":1}']),
      )
      same(error.details.line, 1)
      await refuses("invalid_value", () => store.load([Uint8Array.of(0xff)]))
      same(await store.kinds(), [])
    },
  ),
  contractCase(
    "Z8 what is loaded has to fit the schema of its kind",
    async (store) => {
      const error = await refuses("validation_failed", () =>
        store.load([
          '{"kind":"users","key":"a","value":{"name":"a"}}\n{"kind":"users","key":"b","value":{}}',
        ]),
      )
      same([error.details.line, error.details.key, await store.count("users")], [2, "b", 0])
    },
    { kinds: { users: { schema: named() } } },
  ),
]

async function textOf(dump: AsyncIterable<string>): Promise<string[]> {
  const lines: string[] = []
  for await (const line of dump) lines.push(line)
  return lines
}

async function contentOf(store: Store): Promise<unknown> {
  const { entries } = await store.snapshot()
  return entries.map(({ kind, key, value }) => [kind, key, value])
}

function named() {
  return {
    "~standard": {
      version: 1 as const,
      vendor: "contract",
      validate: (value: unknown) =>
        typeof (value as { name?: unknown }).name === "string"
          ? { value }
          : { issues: [{ message: "is not a text", path: ["name"] }] },
    },
  }
}
