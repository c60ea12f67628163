import type { Change } from "../change.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same } from "./claim.ts"

/** What a read-only view of a store must show: Z13. */
export const narrowingCases: readonly ContractCase[] = [
  contractCase("Z13 a read-only view reads and follows as its store does", async (store) => {
    const view = store.readonly()
    holds(store.readonly() === view, "it is always the same")
    await store.setMany("u", { a: { n: 1 }, b: { n: 2 } })
    const query = { where: { n: 2 } }
    same(await view.get("u", "a"), { n: 1 })
    same(await view.entry("u", "a"), await store.entry("u", "a"))
    same(await view.list("u", query), await store.list("u", query))
    same(
      [await view.keys("u"), await view.count("u", query), await view.kinds()],
      [["a", "b"], 1, ["u"]],
    )
    same(await view.snapshot(["u"]), await store.snapshot(["u"]))
    same(await view.history("u", "a"), await store.history("u", "a"))
    same(await view.changes({ after: 1 }), await store.changes({ after: 1 }))
    same(view.peek("u", "a"), store.peek("u", "a"))
    const [live, list] = [store.live("u", "a"), store.liveList("u", query)]
    await Promise.all([live.ready, list.ready])
    holds(view.live("u", "a") === live, "live results are shared")
    holds(view.liveList("u", query) === list, "live lists too")
    const scanned: string[] = []
    for await (const { key } of view.scan("u")) scanned.push(key)
    same(scanned, ["a", "b"])
    const seen: Change[] = []
    for await (const change of view.watch("u", { from: "current" }))
      if (seen.push(change) === 2) break
    same(
      seen.map(({ key, replay }) => [key, replay]),
      [
        ["a", true],
        ["b", true],
      ],
    )
  }),
  contractCase("Z13 a read-only view has no way to write, at run time either", async (store) => {
    const view = store.readonly()
    const reading = new Set<string>([...READING, ...Object.getOwnPropertyNames(Object.prototype)])
    for (let at: object | null = view; at !== null; at = Object.getPrototypeOf(at)) {
      same(
        Reflect.ownKeys(at).filter((name) => !reading.has(String(name))),
        [],
      )
    }
    holds(Object.isFrozen(view), "nothing can be put in its place")
    await refuses("closed", async () => {
      await store.close()
      return view.get("u", "a")
    })
    await refuses("closed", () => store.readonly())
  }),
]

const READING = [
  "get",
  "entry",
  "list",
  "keys",
  "scan",
  "count",
  "kinds",
  "snapshot",
  "history",
  "changes",
  "peek",
  "watch",
  "live",
  "liveEntry",
  "liveList",
]
