import { type Store, StoreError, type Target } from "@tidemark/core"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { MemoryEngine, openStore } from "@tidemark/core/memory"
import { changes$ } from "@tidemark/rxjs"
import { firstValueFrom, from, isObservable, lastValueFrom, take, toArray } from "rxjs"
import { describe, expect, it, vi } from "vitest"

describe("changes$", () => {
  it("C2 is an RxJS observable that replays what is there before any live change", async () => {
    const store = openStore()
    await store.set("users", "alice", 1)
    await store.set("users", "bob", 1)
    const changes = changes$(store, "users")
    expect(isObservable(changes)).toBe(true)

    const seen = lastValueFrom(changes.pipe(take(4), toArray()))
    await store.set("users", "alice", 2)
    await store.delete("users", "bob")
    expect((await seen).map(({ type, key, value, replay }) => [type, key, value, replay])).toEqual([
      ["create", "alice", 1, true],
      ["create", "bob", 1, true],
      ["update", "alice", 2, undefined],
      ["delete", "bob", 1, undefined],
    ])
  })

  it("C2 is cold: nothing is read before a subscription, and each one reads for itself", async () => {
    const store = openStore()
    const watch = vi.spyOn(store, "watch")
    const changes = changes$(store, "users")
    expect(watch).not.toHaveBeenCalled()

    await store.set("users", "alice", 1)
    expect(await firstValueFrom(changes)).toMatchObject({ key: "alice", replay: true })
    await store.set("users", "alice", 2)
    expect(await firstValueFrom(changes)).toMatchObject({ value: 2, replay: true })
    expect(watch).toHaveBeenCalledTimes(2)
  })

  it("C2 resumes after a seq without a gap and without a repetition", async () => {
    const store = openStore()
    for (let value = 1; value <= 5; value++) await store.set("users", "alice", value)
    const { seq } = (
      await firstValueFrom(changes$(store, "users", { from: 0 }).pipe(take(2), toArray()))
    )[1] ?? { seq: -1 }
    const rest = lastValueFrom(changes$(store, "users", { from: seq }).pipe(take(4), toArray()))
    await store.set("users", "alice", 6)
    expect((await rest).map(({ value }) => value)).toEqual([3, 4, 5, 6])
  })

  it('C2 tells new changes only with from: "now", and only the wanted types', async () => {
    const store = openStore()
    await store.set("users", "alice", 1)
    const seen = firstValueFrom(changes$(store, "users", { from: "now", types: ["delete"] }))
    await store.set("users", "alice", 2)
    await store.delete("users", "alice")
    expect(await seen).toMatchObject({ type: "delete", value: 2 })
  })

  it("C2 follows one entry, a prefix, everything, or any of several targets", async () => {
    const store = openStore()
    await store.set("users", "alice", 1)
    await store.set("users", "anna", 1)
    await store.set("users", "bob", 1)
    await store.set("notes", "1", 1)
    const keys = (target: Target) => {
      const seen: string[] = []
      const done = new Promise<void>((resolve) => {
        changes$(store, target).subscribe({ next: ({ key }) => seen.push(key), complete: resolve })
      })
      return { seen, done }
    }
    const all = [
      keys(["users", "alice"]),
      keys({ kind: "users", prefix: "a" }),
      keys("*"),
      keys({ anyOf: ["notes", ["users", "bob"]] }),
    ]
    await store.close()
    await Promise.all(all.map(({ done }) => done))
    expect(all.map(({ seen }) => seen)).toEqual([
      ["alice"],
      ["alice", "anna"],
      ["1", "alice", "anna", "bob"],
      ["1", "bob"],
    ])
  })

  it("C2 completes when the store closes, after the changes that came before", async () => {
    const store = openStore()
    const seen = lastValueFrom(changes$(store, "users").pipe(toArray()))
    void store.set("users", "alice", 1)
    await store.close()
    expect(await seen).toHaveLength(1)
  })

  it("C2 lets go of the watch when it is unsubscribed", () => {
    const unsubscribe = vi.fn()
    const subscribe = vi.fn(() => ({ closed: false, unsubscribe }))
    const store = { watch: () => ({ subscribe }) } as unknown as Store
    const complete = vi.fn()
    const subscription = changes$(store, "users").subscribe({ complete })
    expect(subscribe).toHaveBeenCalledOnce()
    expect(unsubscribe).not.toHaveBeenCalled()
    subscription.unsubscribe()
    expect(unsubscribe).toHaveBeenCalledOnce()
    expect(complete).not.toHaveBeenCalled()
  })

  it("C2 tells nothing more once it is unsubscribed, also inside a handler", async () => {
    const store = openStore()
    const next = vi.fn(() => subscription.unsubscribe())
    const complete = vi.fn()
    const subscription = changes$(store, "users").subscribe({ next, complete })
    await store.setMany("users", { alice: 1, bob: 1 })
    await store.close()
    expect(next).toHaveBeenCalledOnce()
    expect(complete).not.toHaveBeenCalled()
  })

  it("C2 fails with a StoreError: a bad target, a lost position, a closed store", async () => {
    const store = openStore()
    await expect(firstValueFrom(changes$(store, ""))).rejects.toMatchObject({ code: "invalid_key" })

    const engine = new MemoryEngine()
    engine.ingest({ epoch: "e", to: 100, changes: [], reset: { rows: [] } })
    const young = openStoreAtOnce(engine)
    const lost = firstValueFrom(changes$(young, "users", { from: 7 }))
    await expect(lost).rejects.toBeInstanceOf(StoreError)
    await expect(lost).rejects.toMatchObject({ code: "position_too_old" })

    await store.close()
    await expect(firstValueFrom(changes$(store, "users"))).rejects.toMatchObject({ code: "closed" })
  })
})

describe("from(store.watch())", () => {
  it("C2 takes a watch as it is, because a watch is an interoperable observable", async () => {
    const store = openStore()
    await store.set("users", "alice", 1)
    const seen = lastValueFrom(
      from(store.watch("users", { from: "current" })).pipe(take(2), toArray()),
    )
    await store.set("users", "bob", 2)
    expect((await seen).map(({ key }) => key)).toEqual(["alice", "bob"])
  })
})
