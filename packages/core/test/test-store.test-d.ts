import { defineKinds, kind, type Store } from "@tidemark/core"
import { createTestStore, TestClock, type TestStore } from "@tidemark/core/testing"
import { expectTypeOf, test } from "vitest"

interface Task {
  readonly title: string
}
const kinds = defineKinds({ tasks: kind<Task>() })

test("a test store knows the declared kinds, and checks its seed by them", () => {
  const { store, others } = createTestStore({
    kinds,
    seed: { tasks: { 1: { title: "a" } }, other: { x: 1 } },
  })
  expectTypeOf(store).toEqualTypeOf<Store<typeof kinds>>()
  expectTypeOf(others).toEqualTypeOf<Store<typeof kinds>>()
  expectTypeOf(store.peek("tasks", "1")).toEqualTypeOf<Task | undefined>()
  expectTypeOf(createTestStore()).toEqualTypeOf<TestStore>()
  // @ts-expect-error A task has a title.
  createTestStore({ kinds, seed: { tasks: { 1: { name: "a" } } } })
  // @ts-expect-error There is no such fault.
  createTestStore({ faults: ["fire"] })
  // @ts-expect-error Only a clock that a test can move.
  createTestStore({ clock: { now: () => 0, after: () => () => {} } })
  createTestStore({ clock: new TestClock(), latency: { reads: 5 } })
  // @ts-expect-error There is no such latency.
  createTestStore({ latency: { commits: 5 } })
})
