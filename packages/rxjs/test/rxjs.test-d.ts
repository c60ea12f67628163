import {
  type Change,
  defineKinds,
  type Entry,
  kind,
  type Query,
  type Store,
  type StoreStatus,
  type Target,
} from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import {
  changes$,
  entry$,
  inTurn,
  key$,
  kind$,
  ofKind,
  ofType,
  persistTo,
  status$,
  toEntries,
  toOp,
} from "@tidemark/rxjs"
import { type Observable, of } from "rxjs"
import { expectTypeOf, test } from "vitest"

interface User {
  readonly name: string
}
interface Task {
  readonly done: boolean
  readonly due: string
}
const kinds = defineKinds({ users: kind<User>(), tasks: kind<Task>() })
const store = openStore({ kinds })

type Told<O> = O extends Observable<infer T> ? T : never

test("key$ and kind$ know the values of the declared kinds", () => {
  expectTypeOf(key$(store, "users", "alice")).toEqualTypeOf<Observable<User | undefined>>()
  expectTypeOf(key$(store, "other", "x")).toEqualTypeOf<Observable<unknown>>()
  expectTypeOf(kind$(store, "tasks", { where: { done: false }, orderBy: "due" })).toEqualTypeOf<
    Observable<readonly Entry<Task>[]>
  >()
  // @ts-expect-error A key is a string.
  key$(store, "users", 1)
  // @ts-expect-error A task has no such field.
  kind$(store, "tasks", { where: { dune: false } })
  // @ts-expect-error A task has no such field.
  kind$(store, "tasks", { orderBy: "dune" })
})

test("changes$ knows the values by its target", () => {
  const users = changes$(store, "users")
  expectTypeOf<Told<typeof users>["value"]>().toEqualTypeOf<User>()
  expectTypeOf<Told<typeof users>["kind"]>().toEqualTypeOf<"users">()
  const alice = changes$(store, ["users", "alice"])
  expectTypeOf<Told<typeof alice>["value"]>().toEqualTypeOf<User>()
  const some = changes$(store, { kind: "tasks", prefix: "2027" })
  expectTypeOf<Told<typeof some>["value"]>().toEqualTypeOf<Task>()
  const both = changes$(store, { anyOf: ["users", ["tasks", "1"]] })
  expectTypeOf<Told<typeof both>["value"]>().toEqualTypeOf<User | Task>()
  const other = changes$(store, "other")
  expectTypeOf<Told<typeof other>["value"]>().toBeUnknown()
  const any = changes$(store, "users" as Target)
  expectTypeOf<Told<typeof any>["value"]>().toBeUnknown()

  // @ts-expect-error A target is no number.
  changes$(store, 1)
  // @ts-expect-error There is no such beginning.
  changes$(store, "users", { from: "start" })
  // @ts-expect-error Unsubscribing takes the place of a signal.
  changes$(store, "users", { signal: AbortSignal.timeout(1) })
})

test("ofKind gives the values the type of their kind", () => {
  const users = changes$(store, "*").pipe(ofKind("users"))
  expectTypeOf<Told<typeof users>["value"]>().toEqualTypeOf<User>()
  const both = changes$(store, "*").pipe(ofKind("users", "tasks"))
  expectTypeOf<Told<typeof both>["value"]>().toEqualTypeOf<User | Task>()
  const other = changes$(store, "*").pipe(ofKind("other"))
  expectTypeOf<Told<typeof other>["value"]>().toBeUnknown()
  expectTypeOf<Told<typeof other>["kind"]>().toEqualTypeOf<"other">()
})

test("ofType keeps the value and narrows the type", () => {
  const made = changes$(store, "users").pipe(ofType("create", "update"))
  expectTypeOf<Told<typeof made>["value"]>().toEqualTypeOf<User>()
  expectTypeOf<Told<typeof made>["type"]>().toEqualTypeOf<"create" | "update">()
  // @ts-expect-error There is no such type.
  changes$(store, "users").pipe(ofType("created"))
})

test("toEntries keeps the value, and gives a map that cannot be written to", () => {
  const users = changes$(store, "users").pipe(toEntries())
  expectTypeOf(users).toEqualTypeOf<Observable<ReadonlyMap<string, Entry<User>>>>()
  const tasks = changes$(store, "*").pipe(ofKind("tasks"), ofType("create"), toEntries())
  expectTypeOf(tasks).toEqualTypeOf<Observable<ReadonlyMap<string, Entry<Task>>>>()
  users.subscribe((map) => {
    // @ts-expect-error It is a ReadonlyMap.
    map.clear()
  })
})

test("a store without declared kinds gives unknown", () => {
  const plain: Store = openStore()
  expectTypeOf(key$(plain, "users", "alice")).toEqualTypeOf<Observable<unknown>>()
  expectTypeOf(kind$(plain, "users", {} as Query)).toEqualTypeOf<Observable<readonly Entry[]>>()
  expectTypeOf<Told<ReturnType<typeof changes$<typeof kinds, "*">>>>().toExtend<Change>()
  expectTypeOf(status$(plain)).toEqualTypeOf<Observable<StoreStatus>>()
})

test("entry$ knows the entry, and a read-only view is enough", () => {
  expectTypeOf(entry$(store, "users", "alice")).toEqualTypeOf<Observable<Entry<User> | undefined>>()
  expectTypeOf(entry$(store.readonly(), "tasks", "1")).toEqualTypeOf<
    Observable<Entry<Task> | undefined>
  >()
  const users = changes$(store.readonly(), "users")
  expectTypeOf<Told<typeof users>["value"]>().toEqualTypeOf<User>()
  // @ts-expect-error There is one key.
  entry$(store, "users")
})

test("inTurn gives what the work gives", () => {
  const users = changes$(store, "users")
  expectTypeOf(users.pipe(inTurn(async ({ value }) => value.name))).toEqualTypeOf<
    Observable<string>
  >()
  expectTypeOf(users.pipe(inTurn(({ seq }, index) => of(seq + index), 4))).toEqualTypeOf<
    Observable<number>
  >()
  // @ts-expect-error Work is something that RxJS can subscribe to.
  users.pipe(inTurn(({ seq }) => seq))
  // @ts-expect-error A user has no such field.
  users.pipe(inTurn(async ({ value }) => value.age))
  // @ts-expect-error So many at once is a number.
  users.pipe(inTurn(async () => {}, { concurrency: 2 }))
})

test("persistTo takes values that fit the kind, and tells them on", () => {
  const users = of<User>({ name: "Alice" })
  expectTypeOf(users.pipe(persistTo(store, "users", ({ name }) => name))).toEqualTypeOf<
    Observable<User>
  >()
  expectTypeOf(users.pipe(persistTo(store, "users", "the one", { origin: "form" }))).toEqualTypeOf<
    Observable<User>
  >()
  expectTypeOf(of(1).pipe(persistTo(store, "other", (n) => n.toFixed()))).toEqualTypeOf<
    Observable<number>
  >()
  const copied = changes$(store, "users").pipe(persistTo(openStore(), toOp))
  expectTypeOf<Told<typeof copied>["value"]>().toEqualTypeOf<User>()
  // @ts-expect-error A user is no task.
  users.pipe(persistTo(store, "tasks", "1"))
  // @ts-expect-error A key is a string.
  users.pipe(persistTo(store, "users", () => 1))
  // @ts-expect-error A read-only view takes no writes.
  users.pipe(persistTo(store.readonly(), "users", "1"))
  // @ts-expect-error There is no such op.
  users.pipe(persistTo(store, ({ name }) => ({ type: "put", kind: "users", key: name })))
  // @ts-expect-error There is no such option.
  users.pipe(persistTo(store, "users", "1", { batches: 2 }))
})
