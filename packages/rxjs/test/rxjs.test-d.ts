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
import { changes$, key$, kind$, ofKind, ofType, status$, toEntries } from "@tidemark/rxjs"
import type { Observable } from "rxjs"
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
