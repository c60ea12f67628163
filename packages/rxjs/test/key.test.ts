import { type Codec, defineKinds, kind, type StoreError } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { createTestStore } from "@tidemark/core/testing"
import { entry$, key$, kind$ } from "@tidemark/rxjs"
import { firstValueFrom, retry } from "rxjs"
import { describe, expect, it, vi } from "vitest"
import { heldStore } from "./held-store.ts"

describe("key$", () => {
  it("C2 tells the value now, at subscription, and then each other value", async () => {
    const store = openStore()
    await store.set("users", "alice", "a")
    const seen: unknown[] = []
    key$(store, "users", "alice").subscribe((value) => seen.push(value))
    expect(seen).toEqual(["a"])
    await store.set("users", "alice", "b")
    await store.set("users", "alice", "b")
    await store.set("users", "bob", "x")
    await store.delete("users", "alice")
    expect(seen).toEqual(["a", "b", undefined])
  })

  it("C2 tells undefined where there is no entry", async () => {
    expect(await firstValueFrom(key$(openStore(), "users", "alice"))).toBeUndefined()
  })

  it("C2 tells an own write before set returns, once", async () => {
    const store = openStore()
    const next = vi.fn()
    key$(store, "users", "alice").subscribe(next)
    const written = store.set("users", "alice", "a")
    expect(next.mock.calls).toEqual([[undefined], ["a"]])
    await written
    expect(next).toHaveBeenCalledTimes(2)
  })

  it("C2 waits while the store still reads the key", async () => {
    const { promise, resolve } = Promise.withResolvers<void>()
    const store = heldStore(promise, () => {})
    const next = vi.fn()
    key$(store, "users", "alice").subscribe(next)
    await Promise.resolve()
    expect(next).not.toHaveBeenCalled()
    resolve()
    await vi.waitFor(() => expect(next.mock.calls).toEqual([[undefined]]))
  })

  it("C2 completes when the store closes, with or without a value", async () => {
    const store = openStore()
    const complete = vi.fn()
    const next = vi.fn()
    key$(store, "users", "alice").subscribe({ next, complete })
    await store.close()
    expect(next).toHaveBeenCalledOnce()
    expect(complete).toHaveBeenCalledOnce()

    const unread = heldStore(new Promise(() => {}), () => {})
    const untold = vi.fn()
    const ended = vi.fn()
    key$(unread, "users", "alice").subscribe({ next: untold, complete: ended })
    await unread.close()
    expect(untold).not.toHaveBeenCalled()
    expect(ended).toHaveBeenCalledOnce()
  })

  it("C2 fails when the key cannot be read, has a bad name, or the store is closed", async () => {
    const failure = new Error("disk gone")
    const broken = heldStore(Promise.reject(failure), () => {})
    await expect(firstValueFrom(key$(broken, "users", "alice"))).rejects.toBe(failure)

    const store = openStore()
    const bad = firstValueFrom(key$(store, "users", "\ud800"))
    await expect(bad).rejects.toMatchObject({ code: "invalid_key" })
    await store.close()
    const closed = firstValueFrom(key$(store, "users", "alice"))
    await expect(closed).rejects.toMatchObject({ code: "closed" })
  })

  it("C2 fails when the key, or an entry of the list, can no longer be read", async () => {
    const codec: Codec = {
      name: "whole",
      encode: (value) => JSON.stringify(value),
      decode(data) {
        if (data === "null") throw new RangeError("nothing in it")
        return JSON.parse(String(data))
      },
    }
    const store = openStore({ kinds: defineKinds({ users: kind({ codec }) }), onError() {} })
    const seen: unknown[] = []
    const error = (reason: StoreError) => seen.push(reason.code)
    key$(store, "users", "alice").subscribe({ next: (value) => seen.push(value), error })
    kind$(store, "users").subscribe({ next: (users) => seen.push(users.length), error })
    await store.set("users", "alice", "a")
    await store.set("users", "alice", null)
    expect(seen).toEqual([undefined, 0, "a", 1, 1, "corrupt", "corrupt"])
  })

  it("C2 is read again for who tries again after a failure", async () => {
    const { store, clock, fail } = createTestStore({ latency: 10, seed: { users: { alice: 1 } } })
    fail("io", { on: "read", kind: "users" })
    const value = firstValueFrom(key$(store, "users", "alice").pipe(retry(1)))
    await clock.pass(10)
    await clock.pass(10)
    expect(await value).toBe(1)
  })

  it("C2 lets go of the live result when it is unsubscribed", async () => {
    const store = openStore()
    const live = store.live("users", "alice")
    const release = vi.fn()
    const subscribe = live.subscribe.bind(live)
    vi.spyOn(store, "live").mockReturnValue(live)
    vi.spyOn(live, "subscribe").mockImplementation((listener) => {
      const end = subscribe(listener)
      return () => {
        release()
        end()
      }
    })
    const next = vi.fn()
    key$(store, "users", "alice").subscribe(next).unsubscribe()
    expect(release).toHaveBeenCalledOnce()
    await store.set("users", "alice", "a")
    expect(next.mock.calls).toEqual([[undefined]])
  })
})

describe("entry$", () => {
  it("C2 tells the entry with its facts: an own write first as pending, then as committed", async () => {
    const store = openStore()
    const seen: unknown[] = []
    entry$(store, "users", "alice").subscribe((entry) =>
      seen.push(entry && [entry.value, entry.version, entry.pending]),
    )
    await store.set("users", "alice", "a")
    await store.set("users", "bob", "x")
    await store.delete("users", "alice")
    expect(seen).toEqual([undefined, ["a", 1, true], ["a", 1, undefined], undefined])
  })

  it("C2 tells nothing twice, and completes when the store closes", async () => {
    const store = openStore()
    await store.set("users", "alice", "a")
    const next = vi.fn()
    const complete = vi.fn()
    entry$(store.readonly(), "users", "alice").subscribe({ next, complete })
    await store.set("users", "alice", "a")
    await store.close()
    expect(next).toHaveBeenCalledOnce()
    expect(complete).toHaveBeenCalledOnce()
  })
})
