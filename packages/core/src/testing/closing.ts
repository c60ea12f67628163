import type { Change } from "../change.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same, until } from "./claim.ts"
import { clockCase } from "./clock.ts"

/** How scopes end, and how entries end in them: G6, G1. */
export const closingCases: readonly ContractCase[] = [
  contractCase("G6 closing a scope ends what was begun in it, and nothing else", async (root) => {
    const [closed, open] = [root.scope("s"), root.scope("s")]
    const inner = closed.scope("inner")
    const ended: string[] = []
    const told: Change[] = []
    const follow = (name: string, store: typeof closed) =>
      store.watch("u").subscribe({
        next: (change) => told.push(change),
        complete: () => ended.push(name),
      })
    follow("closed", closed)
    follow("inner", inner)
    follow("open", open)
    const loop = (async () => {
      for await (const change of closed.watch("u")) told.push(change)
    })()
    const [live, other] = [closed.live("u", "a"), open.live("u", "a")]
    const seen: unknown[] = []
    live.subscribe(() => seen.push(live.status))
    other.subscribe(() => {})
    await Promise.all([live.ready, other.ready])
    const written = closed.set("u", "a", 1)
    await Promise.all([closed.close(), closed.close()])
    same((await written).outcome, "created")
    await loop
    await until(() => ended.length === 2)
    same(ended.sort(), ["closed", "inner"])
    same(told.length, 3)
    same([live.get(), live.status, seen.at(-1)], [1, "closed", "closed"])
    for (const store of [closed, inner]) {
      await refuses("closed", () => store.get("u", "a"))
      await refuses("closed", () => store.set("u", "a", 1))
      await refuses("closed", () => store.watch("u"))
      await refuses("closed", () => store.live("u", "a"))
      await refuses("closed", () => store.scope("more"))
      await refuses("closed", () => store.usage())
    }
    await open.set("u", "a", 2)
    await root.set("u", "a", 3)
    same([other.get(), live.get(), await root.scope("s").get("u", "a")], [2, 1, 2])
    await until(() => told.length === 4)
  }),
  contractCase("G6 closing a store ends its scopes", async (_, open) => {
    const root = await open()
    const scope = root.scope("s").scope("inner")
    let ended = 0
    scope.watch("*").subscribe({ complete: () => ended++ })
    const live = scope.liveList("u")
    live.subscribe(() => {})
    await live.ready
    const written = scope.set("u", "a", 1)
    await root.close()
    same((await written).outcome, "created")
    await until(() => ended === 1)
    same([live.get().length, live.status], [1, "closed"])
    await refuses("closed", () => scope.get("u", "a"))
    await scope.close()
  }),
  contractCase(
    "G6 a consumer in a scope follows that alone, and ends with its handle",
    async (root) => {
      const [outer, other] = [root.scope("s"), root.scope("t")]
      const scope = outer.scope("inner", { keys: 2, kinds: 2 })
      const handled: string[] = []
      const start = (store: typeof root) =>
        store.consume("c", "*", async ({ kind, key, value }, tx) => {
          handled.push(`${kind}/${key}`)
          if (kind === "u") await tx.set("sums", "all", value)
        })
      const [consumer, stays] = [start(scope), start(other)]
      await until(() => [consumer, stays].every(({ status }) => status.get().state === "following"))
      await root.set("u", "z", 9)
      await scope.set("u", "a", 1)
      await until(() => handled.length === 2)
      same(handled, ["u/a", "sums/all"])
      same([await scope.get("sums", "all"), (await root.get("sums", "all")) ?? null], [1, null])
      // What it keeps of itself takes no place.
      same(await scope.usage(), { keys: 2, kinds: 2, bytes: 6 })
      await outer.close()
      await consumer.ended
      same([consumer.status.get().state, stays.status.get().state], ["closed", "following"])
      await other.set("u", "b", 2)
      await until(() => handled.length === 4)
      await stays.close()
    },
  ),
  contractCase("G6 a handle that was closed is opened anew by scope()", async (root) => {
    await root.scope("s").set("u", "a", 1)
    await root.scope("s").close()
    same(await root.scope("s").get("u", "a"), 1)
  }),
  clockCase(
    "G1 entries of a scope end as others do, told by the names inside",
    async (root, clock) => {
      const [scope, other] = [root.scope("s"), root.scope("t")]
      await scope.setMany("u", { a: 1, b: 1 }, { ttl: 100 })
      await other.set("u", "a", 1, { ttl: 100 })
      const told: Change[] = []
      scope.watch("*").subscribe((change) => told.push(change))
      const list = scope.liveList("u")
      list.subscribe(() => {})
      await list.ready
      clock.pass(100)
      await until(() => told.length === 2)
      same([list.get().length, await scope.count("u"), await scope.kinds()], [0, 0, []])
      holds(
        told.every(
          ({ kind, cause, type }) => kind === "u" && cause === "expired" && type === "delete",
        ),
        "each by its local name",
      )
    },
  ),
  clockCase("G1 purge in a scope counts what has ended there", async (root, clock) => {
    const scope = root.scope("s")
    await scope.setMany("u", { a: 1, b: 1 }, { ttl: 100 })
    await root.set("u", "a", 1, { ttl: 100 })
    await scope.scope("inner").set("u", "a", 1, { ttl: 100 })
    clock.jump(100)
    same([await scope.purge(), await scope.purge()], [2, 0])
  }),
]
