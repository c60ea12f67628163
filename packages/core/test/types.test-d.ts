import {
  type Change,
  defineKinds,
  derive,
  type Entry,
  type Kinds,
  kind,
  type Live,
  type Reader,
  type ScopeUsage,
  type Store,
  type Watcher,
  type Writer,
} from "@tidemark/core"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { openStore } from "@tidemark/core/memory"
import { expectTypeOf, it } from "vitest"
import { z } from "zod"

interface Settings {
  readonly theme: "light" | "dark"
  readonly size?: number
}

const kinds = defineKinds({
  users: kind(
    z.object({
      name: z.string(),
      age: z.coerce.number<string>(),
      deep: z.object({ x: z.number() }),
    }),
  ),
  settings: kind<Settings>(),
})
interface User {
  name: string
  age: number
  deep: { x: number }
}
const store = openStore({ kinds })

it("Z8 reads give what the schema gives", () => {
  expectTypeOf(store.get("users", "a")).resolves.toEqualTypeOf<User | undefined>()
  expectTypeOf(store.peek("users", "a")).toEqualTypeOf<User | undefined>()
  expectTypeOf(store.entry("users", "a")).resolves.toEqualTypeOf<Entry<User> | undefined>()
  expectTypeOf(store.list("users")).resolves.toEqualTypeOf<readonly Entry<User>[]>()
  expectTypeOf(store.history("users", "a")).resolves.toEqualTypeOf<readonly Change<User>[]>()
  expectTypeOf(store.get("settings", "a")).resolves.toEqualTypeOf<Settings | undefined>()
})

it("Z8 a consumer's changes and transaction are typed by the kinds", () => {
  const consumer = store.consume("c", "users", async (change, tx, { signal, attempt }) => {
    expectTypeOf(change).toEqualTypeOf<Change<User>>()
    expectTypeOf(signal).toEqualTypeOf<AbortSignal>()
    expectTypeOf(attempt).toBeNumber()
    expectTypeOf(tx.get("settings", "a")).resolves.toEqualTypeOf<Settings | undefined>()
    // @ts-expect-error no such theme
    await tx.set("settings", "a", { theme: "blue" })
  })
  expectTypeOf(consumer.lag).toEqualTypeOf<Live<number>>()
  store.consume("c", ["users", "a"], ({ value }) => expectTypeOf(value).toEqualTypeOf<User>())
  store.consume("c", "*", ({ value }) => expectTypeOf(value).toBeUnknown())
  store.consume("c", "users", () => {}, {
    async reset(tx) {
      // @ts-expect-error no such theme
      await tx.set("settings", "a", { theme: "blue" })
    },
  })
})

it("G6 a scope has the types of its store, and says what it takes", () => {
  const scope = store.scope("a", { keys: 1 }).scope("b")
  expectTypeOf(scope).toExtend<Store<typeof kinds>>()
  expectTypeOf(scope.get("users", "a")).resolves.toEqualTypeOf<User | undefined>()
  expectTypeOf(scope.usage()).resolves.toEqualTypeOf<ScopeUsage>()
  // @ts-expect-error
  store.scope("a", { entries: 1 })
})

it("Z8 live results and watches are typed by their kind", () => {
  expectTypeOf(store.live("users", "a")).toEqualTypeOf<Live<User | undefined>>()
  expectTypeOf(store.liveList("settings")).toEqualTypeOf<Live<readonly Entry<Settings>[]>>()
  store.watch("users").subscribe((change) => expectTypeOf(change).toEqualTypeOf<Change<User>>())
  store
    .watch(["users", "a"])
    .subscribe((change) => expectTypeOf(change.value).toEqualTypeOf<User>())
  store
    .watch({ kind: "users", prefix: "a" })
    .subscribe(({ value }) => expectTypeOf(value).toBeUnknown())
  store.watch({ anyOf: ["users", ["settings", "a"]] })
})

it("Z3 a derived result is typed by what it is made of and what its function gives", () => {
  const lives = [store.live("users", "a"), store.liveList("settings"), store.status] as const
  const derived = derive(lives, (user, settings, { pending }) => {
    expectTypeOf(user).toEqualTypeOf<User | undefined>()
    expectTypeOf(settings).toEqualTypeOf<readonly Entry<Settings>[]>()
    return { name: user?.name, pending }
  })
  expectTypeOf(derived).toEqualTypeOf<Live<{ name: string | undefined; pending: number }>>()
  expectTypeOf(derive([derived], ({ pending }) => pending)).toEqualTypeOf<Live<number>>()
  // @ts-expect-error The value may be absent.
  derive([store.live("users", "a")], (user) => user.name)
})

it("Z8 writes take what the schema takes", () => {
  store.set("users", "a", { name: "Alice", age: "7", deep: { x: 1 } })
  store.setMany("users", { a: { name: "Alice", age: "7", deep: { x: 1 } } })
  store.setMany("settings", [["a", { theme: "dark" }]])
  store.set("settings", "a", { theme: "light", size: 2 })
  // @ts-expect-error The schema takes text for the age.
  store.set("users", "a", { name: "Alice", age: 7, deep: { x: 1 } })
  // @ts-expect-error A name is missing.
  store.set("users", "a", { age: "7", deep: { x: 1 } })
  // @ts-expect-error There is no such theme.
  store.set("settings", "a", { theme: "blue" })
  // @ts-expect-error There is no such theme.
  store.setMany("settings", { a: { theme: "blue" } })
  store.update("settings", "a", (value) => {
    expectTypeOf(value).toEqualTypeOf<Settings>()
    return { ...value, size: 3 }
  })
  // @ts-expect-error The function gives something else.
  store.update("settings", "a", () => ({ size: 3 }))
  expectTypeOf(store.delete("settings", "a")).resolves.toEqualTypeOf<{
    readonly existed: boolean
    readonly previous: Settings | undefined
  }>()
})

it("Z8 queries know the fields of their kind, dotted paths too", () => {
  store.list("users", {
    where: { name: "a", "deep.x": { $gt: 1 } },
    orderBy: ["name", { age: "desc" }],
  })
  store.liveList("users", {
    where: { $or: [{ name: "a" }, { age: 1 }] },
    orderBy: "deep.x",
    limit: 5,
  })
  // @ts-expect-error There is no such field.
  store.list("users", { where: { nmae: "a" } })
  // @ts-expect-error There is no such field.
  store.list("users", { orderBy: "nmae" })
  // @ts-expect-error There is no such direction.
  store.list("users", { orderBy: { name: "down" } })
  // @ts-expect-error A number is compared with numbers.
  store.list("users", { where: { age: "30" } })
  // @ts-expect-error A comparison begins with a $.
  store.list("users", { where: { age: { gt: 30 } } })
  // @ts-expect-error Sizes compare inside one type.
  store.list("users", { where: { age: { $gt: "30" } } })
  // @ts-expect-error One of several, each a number.
  store.list("users", { where: { age: { $in: ["30"] } } })
  // @ts-expect-error There is no such comparison… in a nested condition.
  store.list("users", { where: { $not: { nmae: 1 } } })
})

it("Z8 queries compare a field with what may be in it, and with nothing at all", () => {
  type Shape =
    | { readonly form: "round"; readonly radius: number }
    | { readonly form: "long"; readonly size: readonly number[]; readonly made?: Date }
  const shapes = openStore({ kinds: defineKinds({ shapes: kind<Shape>() }) })
  const typed: string = "round"
  shapes.list("shapes", { where: { form: typed, radius: { $gte: 1, $ne: null } } })
  shapes.list("shapes", { where: { radius: null, "size.0": { $lt: 5 } } })
  shapes.list("shapes", { where: { size: { $contains: 1 }, made: { $gt: Date.UTC(2026, 0, 1) } } })
  shapes.list("shapes", { where: { form: { $prefix: "r" }, size: [1, 2] } })
  // @ts-expect-error A Date is compared as its milliseconds.
  shapes.list("shapes", { where: { made: "2026-01-01" } })
  // @ts-expect-error Only one of the shapes has a radius, and that is a number.
  shapes.list("shapes", { where: { radius: "1" } })
})

it("Z8 a transaction is typed as its store is", async () => {
  const done = store.transaction(async (tx) => {
    expectTypeOf(tx.get("users", "a")).resolves.toEqualTypeOf<User | undefined>()
    await tx.set("settings", "a", { theme: "dark" })
    // @ts-expect-error There is no such theme.
    await tx.set("settings", "a", { theme: "blue" })
    return 7 as const
  })
  expectTypeOf(done).resolves.toEqualTypeOf<7>()
})

it("Z8 kinds that were not declared hold anything and give unknown", () => {
  expectTypeOf(store.get("other", "a")).resolves.toBeUnknown()
  expectTypeOf(store.list("other")).resolves.toEqualTypeOf<readonly Entry<unknown>[]>()
  store.set("other", "a", { anything: [1, "2"] })
  store.list("other", { where: { any: 1 }, orderBy: "thing" })
  const plain = openStore()
  expectTypeOf(plain.get("users", "a")).resolves.toBeUnknown()
  const name = "users" as string
  expectTypeOf(store.get(name, "a")).resolves.toBeUnknown()
})

it("Z13 the narrowest type is asked for, and any store will do, whatever its kinds", () => {
  const takesReader = (_: Reader) => {}
  const takesWatcher = (_: Watcher) => {}
  const takesWriter = (_: Writer) => {}
  const takesStore = (_: Store) => {}
  const takesAny = <K extends Kinds>(_: Store<K>) => {}
  const takers = [takesReader, takesWatcher, takesWriter, takesStore, takesAny]
  for (const takes of takers) {
    takes(store)
    takes(openFile({ path: ":memory:", kinds }))
    takes(openStore())
  }
  const inside = <K extends Kinds>(typed: Store<K>) => {
    takesReader(typed)
    takesWriter(typed)
    takesStore(typed)
  }
  inside(store)
})

it("Z13 a store of just any kinds is no store of certain kinds", () => {
  const plain: Store = openStore()
  // @ts-expect-error Nothing is known of the kinds of just any store.
  const typed: Store<typeof kinds> = plain
  // @ts-expect-error Nor can they be read as if it were.
  const reader: Reader<typeof kinds> = plain
  const other = openStore({ kinds: defineKinds({ users: kind<number>() }) })
  // @ts-expect-error The users of one store are not those of another.
  const wrong: Store<typeof kinds> = other
  expectTypeOf([typed, reader, wrong]).toBeArray()
})

it("Z13 a read-only view is typed as its store is, and has no way to write", () => {
  const view = store.readonly()
  expectTypeOf(view).toEqualTypeOf<Reader<typeof kinds> & Watcher<typeof kinds>>()
  expectTypeOf(view.get("users", "a")).resolves.toEqualTypeOf<User | undefined>()
  expectTypeOf(view.live("users", "a")).toEqualTypeOf<Live<User | undefined>>()
  view.watch("users").subscribe((change) => expectTypeOf(change).toEqualTypeOf<Change<User>>())
  expectTypeOf(view).not.toHaveProperty("set")
  expectTypeOf(view).not.toHaveProperty("transaction")
  expectTypeOf(view).not.toExtend<Writer>()
})
