import type { Change } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { changes$, key$, persistTo } from "@tidemark/rxjs"
import { lastValueFrom, Observable, toArray } from "rxjs"
import { describe, expect, it, vi } from "vitest"

/** The browser's own Observable, as far as the tests use it. */
interface Native<T> {
  subscribe(observer: (value: T) => void, options?: { signal: AbortSignal }): void
  subscribe(observer: Partial<NativeSubscriber<T>>, options?: { signal: AbortSignal }): void
  filter(test: (value: T) => boolean): Native<T>
  map<R>(change: (value: T) => R): Native<R>
  take(count: number): Native<T>
  toArray(): Promise<T[]>
}
interface NativeSubscriber<T> {
  next(value: T): void
  error(error: unknown): void
  complete(): void
  addTeardown(teardown: () => void): void
}
interface NativeConstructor {
  new <T>(subscribe: (subscriber: NativeSubscriber<T>) => void): Native<T>
  from<T>(source: AsyncIterable<T>): Native<T>
}
const { Observable: NativeObservable } = globalThis as unknown as {
  Observable: NativeConstructor
}

describe("the browser's own Observable", () => {
  it("C2 takes a watch as it is: the replay, then each change, in order", async () => {
    const store = openStore()
    await store.setMany("users", { alice: 1, bob: 1 })
    const seen = NativeObservable.from<Change>(store.watch("users", { from: "current" }))
      .filter(({ key }) => key !== "bob")
      .map(({ key, value }) => `${key} ${value}`)
      .take(3)
      .toArray()
    for (const value of [2, 3]) await store.set("users", "alice", value)
    expect(await seen).toEqual(["alice 1", "alice 2", "alice 3"])
  })

  it("C2 lets go of the watch when its signal fires, and completes when the store closes", async () => {
    const store = openStore()
    const leave = new AbortController()
    const left: unknown[] = []
    const stayed: unknown[] = []
    const complete = vi.fn()
    NativeObservable.from<Change>(store.watch("users")).subscribe(
      ({ key }) => left.push(key),
      leave,
    )
    NativeObservable.from<Change>(store.watch("users")).subscribe({
      next: ({ key }) => stayed.push(key),
      complete,
    })
    await store.set("users", "a", 1)
    await vi.waitFor(() => expect([left, stayed]).toEqual([["a"], ["a"]]))
    leave.abort()
    await store.set("users", "b", 1)
    await vi.waitFor(() => expect(stayed).toEqual(["a", "b"]))
    expect(left).toEqual(["a"])
    await store.close()
    await vi.waitFor(() => expect(complete).toHaveBeenCalledOnce())
  })

  it("C2 is made of an RxJS observable in a line, teardown too", async () => {
    const store = openStore()
    const native = new NativeObservable<unknown>((subscriber) => {
      const subscription = key$(store, "users", "alice").subscribe(subscriber)
      subscriber.addTeardown(() => subscription.unsubscribe())
    })
    const seen = native.take(2).toArray()
    await store.set("users", "alice", 1)
    expect(await seen).toEqual([undefined, 1])
  })

  it("C2 is made into an RxJS observable, and so written into a store", async () => {
    const store = openStore()
    const numbers = new NativeObservable<number>((subscriber) => {
      for (const n of [1, 2, 3]) subscriber.next(n)
      subscriber.complete()
    })
    const rx = new Observable<number>((subscriber) => {
      const leave = new AbortController()
      numbers.subscribe(
        {
          next: (value) => subscriber.next(value),
          error: (error) => subscriber.error(error),
          complete: () => subscriber.complete(),
        },
        leave,
      )
      return () => leave.abort()
    })
    const told = rx.pipe(
      persistTo(store, "numbers", (n) => `n${n}`),
      toArray(),
    )
    expect(await lastValueFrom(told)).toEqual([1, 2, 3])
    const changes: string[] = []
    changes$(store, "numbers").subscribe(({ key }) => changes.push(key))
    await vi.waitFor(() => expect(changes).toEqual(["n1", "n2", "n3"]))
  })
})
