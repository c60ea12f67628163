import { host } from "../host.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same, until } from "./claim.ts"

/** What kinds, cancellation and the end of a store must show: Z8 in its first form, Z17. */
export const endingCases: readonly ContractCase[] = [
  contractCase(
    "Z8 a strict store refuses a kind that was not declared, and says which are",
    async (store) => {
      await store.set("users", "a", 1)
      const error = await refuses("not_found", () => store.set("userz", "a", 1))
      same(error.details, { kind: "userz", known: ["users"] })
      await refuses("not_found", () => store.get("userz", "a"))
      await refuses("not_found", () => store.list("toString"))
    },
    { strict: true, kinds: { users: {} } },
  ),
  contractCase(
    "Z8 a schema checks every write, and its error names kind, key and path",
    async (store) => {
      const { seq } = await store.set("users", "a", { name: "Alice" })
      const bad = { name: 7 }
      const writes = [
        () => store.set("users", "b", bad),
        () => store.setMany("users", { b: bad }),
        () => store.update("users", "a", () => bad),
        () => store.transaction((tx) => tx.set("users", "b", bad)),
        () => store.commit({ ops: [{ type: "set", kind: "users", key: "b", value: bad }] }),
      ]
      for (const write of writes) {
        const error = await refuses("validation_failed", write)
        same([error.details.kind, error.details.path], ["users", "name"])
      }
      same(await store.count("users"), 1)
      same(
        (await store.changes({ after: seq })).filter(({ kind }) => kind === "users"),
        [],
      )
    },
    { kinds: { users: { schema: nameSchema() } } },
  ),
  contractCase("Z17 a signal takes a write back before it reaches the engine", async (store) => {
    const controller = new host.AbortController()
    const write = store.set("u", "a", 1, { signal: controller.signal })
    same(store.peek("u", "a"), 1)
    controller.abort()
    same(store.peek("u", "a"), undefined)
    await refuses("aborted", () => write)
    await refuses("aborted", () => store.set("u", "a", 1, { signal: controller.signal }))
    same(await store.count("u"), 0)
  }),
  contractCase("Z17 after close every call is refused, and close is idempotent", async (store) => {
    await store.set("u", "a", 1)
    const [first, second] = [store.close(), store.close()]
    await Promise.all([first, second])
    const calls = [
      () => store.get("u", "a"),
      () => store.entry("u", "a"),
      () => store.list("u"),
      () => store.keys("u"),
      () => store.count("u"),
      () => store.kinds(),
      () => store.snapshot(),
      () => store.history("u", "a"),
      () => store.changes({ after: 0 }),
      () => store.peek("u", "a"),
      () => store.set("u", "a", 1),
      () => store.setMany("u", {}),
      () => store.update("u", "a", (value) => value),
      () => store.delete("u", "a"),
      () => store.deleteMany("u"),
      () => store.transaction(() => 1),
      () => store.commit({ ops: [] }),
      () => store.watch("u"),
      () => store.live("u", "a"),
      () => store.liveList("u"),
    ]
    for (const call of calls) await refuses("closed", call)
    await store.close()
  }),
  contractCase("Z17 close waits for writes on their way", async (store) => {
    const written = store.set("u", "a", 1)
    await store.close()
    same((await written).outcome, "created")
  }),
  contractCase("Z17 live results keep their last value after close", async (store) => {
    await store.set("u", "a", 1)
    const live = store.live("u", "a")
    live.subscribe(() => {})
    await live.ready
    await store.close()
    same([live.get(), live.status], [1, "closed"])
  }),
  contractCase("Z17 a live result that was not used before close is closed", async (store) => {
    await store.set("u", "a", 1)
    const lives = [store.live("u", "a"), store.liveEntry("u", "a"), store.liveList("u")]
    await store.close()
    for (const live of lives) live.get()
    same(
      lives.map((live) => live.status),
      ["closed", "closed", "closed"],
    )
  }),
  contractCase("Z17 a signal is heard only while somebody reads", async (store) => {
    const signal = countingSignal()
    const watch = store.watch("u", { signal })
    same(signal.listeners.size, 0)
    const subscription = watch.subscribe(() => {})
    const loop = watch[Symbol.asyncIterator]()
    const next = loop.next()
    same(signal.listeners.size, 1)
    subscription.unsubscribe()
    await loop.return?.()
    same([signal.listeners.size, (await next).done], [0, true])
    watch.subscribe(() => {})
    for (const listener of signal.listeners) listener()
    same(signal.listeners.size, 0, "after it has fired")
  }),
  contractCase("Z17 who gives up a loop does not wait for a change", async (store) => {
    const loop = store.watch("u")[Symbol.asyncIterator]()
    const next = loop.next()
    await loop.return?.()
    same([(await next).done, (await loop.next()).done], [true, true])
    const before = store.watch("u")[Symbol.asyncIterator]()
    same(await before.return?.(), { value: undefined, done: true })
  }),
  contractCase("Z5 numbers that are none are refused, and hang nothing", async (store) => {
    await store.set("u", "a", 1)
    for (const buffer of [-1, 0, 0.5, Number.NaN]) {
      await refuses("invalid_value", () => store.watch("u", { buffer }))
    }
    for (const from of [-1, 0.5, Number.NaN, "later" as "now"]) {
      await refuses("invalid_value", () => store.watch("u", { from }))
    }
    for (const after of [-1, 0.5, Number.NaN]) {
      await refuses("invalid_value", () => store.changes({ after }))
    }
    for (const limit of [-1, 0.5, Number.NaN]) {
      await refuses("invalid_value", () => store.changes({ after: 0, limit }))
      await refuses("invalid_value", () => store.history("u", "a", { limit }))
    }
    const all = Number.POSITIVE_INFINITY
    same((await store.changes({ after: 0, limit: all })).length, 1)
    same((await store.history("u", "a", { limit: all })).length, 1)
    const seen: string[] = []
    store.watch("u", { from: 0, buffer: all }).subscribe(({ key }) => seen.push(key))
    await until(() => seen.length === 1)
  }),
  contractCase("Z12 status says what stores, how hard, and what is pending", async (store) => {
    const status = store.status
    const seen: number[] = []
    status.subscribe(() => seen.push(status.get().pending))
    const { engine, storage, durability, connection } = status.get()
    holds(
      [engine, storage, durability, connection].every((text) => text.length > 0),
      "all of it is told",
    )
    await Promise.all([store.set("u", "a", 1), store.set("u", "b", 1)])
    same([Math.max(...seen), seen.at(-1)], [2, 0])
  }),
]

/** A signal that tells who listens. */
function countingSignal() {
  const listeners = new Set<() => void>()
  return {
    aborted: false,
    listeners,
    addEventListener: (_: "abort", listener: () => void) => void listeners.add(listener),
    removeEventListener: (_: "abort", listener: () => void) => void listeners.delete(listener),
  }
}

/** A schema by hand, so that the suite needs no validation library. */
function nameSchema() {
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
