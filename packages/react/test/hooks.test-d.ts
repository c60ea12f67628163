import {
  type Change,
  type DeleteResult,
  defineKinds,
  type Entry,
  kind,
  type SetResult,
  type Store,
  type StoreStatus,
} from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { createHooks, StoreProvider, useStatus } from "@tidemark/react"
import { type DehydratedState, dehydrate } from "@tidemark/react/server"
import { createElement } from "react"
import { expectTypeOf, test } from "vitest"
import { z } from "zod"

interface User {
  readonly name: string
}
interface Task {
  readonly done: boolean
  readonly due: string
}
const kinds = defineKinds({
  users: kind<User>(),
  tasks: kind<Task>(),
  themes: kind(z.object({ dark: z.boolean().default(false) })),
})
const hooks = createHooks<typeof kinds>()
const store = openStore({ kinds })

test("useKey knows the value of its kind", () => {
  const { useKey } = hooks
  expectTypeOf(useKey("users", "alice")).toEqualTypeOf<User | undefined>()
  expectTypeOf(useKey("users", "alice", { initial: { name: "nobody" } })).toEqualTypeOf<User>()
  expectTypeOf(useKey("themes", "mine")).toEqualTypeOf<{ dark: boolean } | undefined>()
  expectTypeOf(useKey("other", "x")).toBeUnknown()
  // @ts-expect-error A user has a name.
  useKey("users", "alice", { initial: {} })
  // @ts-expect-error A key is a string.
  useKey("users", 1)
  // @ts-expect-error One key, not all.
  useKey("users")
})

test("useKind knows the entries of its kind and the fields of its query", () => {
  const { useKind } = hooks
  expectTypeOf(useKind("tasks")).toEqualTypeOf<readonly Entry<Task>[]>()
  expectTypeOf(
    useKind("tasks", { where: { done: false, due: { $lt: "2027" } }, orderBy: { due: "desc" } }),
  ).toEqualTypeOf<readonly Entry<Task>[]>()
  expectTypeOf(useKind("other", { where: { anything: 1 } })).toEqualTypeOf<readonly Entry[]>()
  // @ts-expect-error A task has no such field.
  useKind("tasks", { where: { dune: true } })
  // @ts-expect-error A task has no such field.
  useKind("tasks", { orderBy: "dune" })
  // @ts-expect-error There is no such part of a query.
  useKind("tasks", { sort: "due" })
})

test("useEntry, the Suspense hooks and useInfiniteKind know the entries of their kind", () => {
  const { useEntry, useInfiniteKind, useSuspenseKey, useSuspenseKind } = hooks
  expectTypeOf(useEntry("users", "alice").value).toEqualTypeOf<User | undefined>()
  expectTypeOf(useEntry("users", "alice").entry).toEqualTypeOf<Entry<User> | undefined>()
  expectTypeOf(useSuspenseKey("users", "alice")).toEqualTypeOf<User | undefined>()
  expectTypeOf(useSuspenseKind("tasks")).toEqualTypeOf<readonly Entry<Task>[]>()
  expectTypeOf(useInfiniteKind("tasks", { limit: 9 }).entries).toEqualTypeOf<
    readonly Entry<Task>[]
  >()
  // @ts-expect-error A key is a string.
  useEntry("users", 1)
  // @ts-expect-error A task has no such field.
  useInfiniteKind("tasks", { where: { dune: true } })
  // @ts-expect-error One key, not all.
  useSuspenseKey("users")
})

test("useSelect knows what is selected from, and gives what is selected", () => {
  const { useSelect } = hooks
  expectTypeOf(useSelect("users", "alice", (user) => user?.name)).toEqualTypeOf<
    string | undefined
  >()
  const dues = useSelect("tasks", { where: { done: false } }, (tasks) =>
    tasks.map(({ value }) => value.due),
  )
  expectTypeOf(dues).toEqualTypeOf<string[]>()
  // @ts-expect-error There may be no such user.
  useSelect("users", "alice", (user) => user.name)
  // @ts-expect-error A task has no such field.
  useSelect("tasks", { where: { dune: 1 } }, (tasks) => tasks)
})

test("useTransaction, useHistory, useUndo and useConsumer know their kinds", () => {
  const transact = hooks.useTransaction()
  const name = transact(async (tx) => {
    expectTypeOf(await tx.get("users", "alice")).toEqualTypeOf<User | undefined>()
    // @ts-expect-error A user has a name.
    await tx.set("users", "alice", {})
    return "done"
  })
  expectTypeOf(name).toEqualTypeOf<Promise<string>>()
  expectTypeOf(hooks.useHistory("users", "alice")).toEqualTypeOf<readonly Change<User>[]>()
  hooks.useUndo({ origin: "me", kinds: ["tasks"] })
  // @ts-expect-error Whose writes?
  hooks.useUndo({})
  hooks.useConsumer("copy", "users", ({ value }) => {
    expectTypeOf(value).toEqualTypeOf<User>()
  })
  // @ts-expect-error A function among the options would begin anew with each render.
  hooks.useConsumer("copy", "users", () => {}, { reset: () => {} })
})

test("useWatch knows the changes of its target", () => {
  const { useWatch } = hooks
  useWatch("users", (change) => expectTypeOf(change).toEqualTypeOf<Change<User>>())
  useWatch(["tasks", "1"], (change) => expectTypeOf(change.value).toEqualTypeOf<Task>(), {
    types: ["create"],
    from: "current",
  })
  useWatch("*", (change) => expectTypeOf(change.value).toBeUnknown())
  useWatch({ anyOf: ["users", "tasks"] }, (change) => expectTypeOf(change.value).toBeUnknown())
  // @ts-expect-error There is no such type of a change.
  useWatch("users", () => {}, { types: ["created"] })
  // @ts-expect-error The life of the component takes the place of a signal.
  useWatch("users", () => {}, { signal: AbortSignal.timeout(1) })
})

test("useSet, useUpdate and useDelete take and give the values of their kind", () => {
  const setUser = hooks.useSet("users")
  expectTypeOf(setUser("alice", { name: "Alice" })).toEqualTypeOf<Promise<SetResult>>()
  // What may be written is what the schema takes, not what it gives.
  expectTypeOf(hooks.useSet("themes")).parameter(1).toEqualTypeOf<{ dark?: boolean | undefined }>()
  // @ts-expect-error A user has a name.
  setUser("alice", { nome: "Alice" })
  // @ts-expect-error There is no such option.
  setUser("alice", { name: "Alice" }, { version: 1 })

  const updateTask = hooks.useUpdate("tasks")
  updateTask("1", (task) => ({ ...task, done: !task.done }))
  updateTask("1", async (task) => task)
  // @ts-expect-error A task is more than done.
  updateTask("1", () => ({ done: true }))

  const deleteUser = hooks.useDelete("users")
  expectTypeOf(deleteUser("alice", { ifVersion: 1 })).toEqualTypeOf<Promise<DeleteResult<User>>>()
})

test("useStore gives the typed store, useStatus its status where there is one", () => {
  expectTypeOf(hooks.useStore()).toEqualTypeOf<Store<typeof kinds>>()
  expectTypeOf(useStatus()).toEqualTypeOf<StoreStatus | undefined>()
})

test("StoreProvider takes any store, the promise of one, or none yet", () => {
  createElement(StoreProvider<typeof kinds>, { store })
  createElement(StoreProvider<typeof kinds>, { store: Promise.resolve(store) })
  createElement(StoreProvider<typeof kinds>, { store: undefined })
  // @ts-expect-error It must be said that there is none.
  createElement(StoreProvider, {})
  // @ts-expect-error This is no store.
  createElement(StoreProvider, { store: {} })
})

test("dehydrate takes the keys and queries of the store's kinds", () => {
  const state = dehydrate(store, [
    ["users", "alice"],
    ["tasks", { where: { done: false }, orderBy: "due", limit: 5 }],
    ["tasks"],
    ["other", { where: { anything: 1 } }],
  ])
  expectTypeOf(state).toEqualTypeOf<Promise<DehydratedState>>()
  // @ts-expect-error A task has no such field.
  dehydrate(store, [["tasks", { where: { dune: false } }]])
  // @ts-expect-error Each request is a list that begins with a kind.
  dehydrate(store, ["users"])
  // @ts-expect-error A key is a string.
  dehydrate(store, [["users", 1]])
})
