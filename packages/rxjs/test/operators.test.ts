import { type Change, StoreError } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { changes$, ofKind, ofType, toEntries } from "@tidemark/rxjs"
import { firstValueFrom, lastValueFrom, map, of, queueScheduler, toArray } from "rxjs"
import { describe, expect, it } from "vitest"
import { change, marbles } from "./marbles.ts"

const changes = {
  a: change(1, "create", "users", "alice", "A"),
  b: change(2, "create", "users", "bob", "B"),
  c: change(3, "update", "users", "alice", "C"),
  d: change(4, "delete", "users", "bob", "B"),
  n: change(5, "create", "notes", "1", "N"),
}

const entry = ({ kind, key, value, version, seq, at }: Change) =>
  [key, { kind, key, value, version, seq, updatedAt: at }] as const

describe("ofType", () => {
  it("C2 lets the named types pass", () =>
    marbles(({ hot, expectObservable }) => {
      const source = hot("     a-b-c-d-|", changes)
      expectObservable(source.pipe(ofType("update", "delete"))).toBe("----c-d-|", changes)
      expectObservable(source.pipe(ofType())).toBe("--------|")
    }))
})

describe("ofKind", () => {
  it("C2 lets the named kinds pass, and errors too", () =>
    marbles(({ hot, expectObservable }) => {
      const source = hot("     a-n-c-#", changes)
      expectObservable(source.pipe(ofKind("notes"))).toBe("--n---#", changes)
      expectObservable(source.pipe(ofKind("users", "notes"))).toBe("a-n-c-#", changes)
    }))
})

describe("toEntries", () => {
  it("C2 folds changes into entries by key; changes that come together give one map", () =>
    marbles(({ hot, expectObservable }) => {
      const source = hot("     (ab)--c---d-|", changes)
      expectObservable(source.pipe(toEntries())).toBe("x-----y---z-|", {
        x: new Map([entry(changes.a), entry(changes.b)]),
        y: new Map([entry(changes.c), entry(changes.b)]),
        z: new Map([entry(changes.c)]),
      })
    }))

  it("C2 tells what it has before it completes or fails", () =>
    marbles(({ hot, expectObservable }) => {
      const x = new Map([entry(changes.a)])
      expectObservable(hot("--(a|)", changes).pipe(toEntries())).toBe("--(x|)", { x })
      expectObservable(hot("--(a#)", changes).pipe(toEntries())).toBe("--(x#)", { x })
    }))

  it("C2 never alters a map that it has told", async () => {
    const [first, second] = await lastValueFrom(
      of(changes.a, changes.c).pipe(toEntries(queueScheduler), toArray()),
    )
    expect(first).toEqual(new Map([entry(changes.a)]))
    expect(second).toEqual(new Map([entry(changes.c)]))
  })

  it("C2 gives entries as the store has them: with the time at which they end", async () => {
    const store = openStore()
    await store.set("sessions", "a", 1, { expiresAt: Date.now() + 60_000 })
    await store.set("sessions", "b", 2)
    const sessions = await firstValueFrom(changes$(store, "sessions").pipe(toEntries()))
    expect([...sessions.values()]).toEqual(await store.list("sessions"))
  })

  it("C2 subscribes once and unsubscribes with its subscriber", () =>
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot("     a---b---c", changes)
      expectObservable(
        source.pipe(
          toEntries(),
          map(({ size }) => String(size)),
        ),
        "--^---!",
      ).toBe("----1")
      expectSubscriptions(source.subscriptions).toBe("--^---!")
    }))

  it("C2 refuses a second kind, because two kinds may use the same key", () =>
    marbles(({ hot, expectObservable }) => {
      const source = hot("a-n", changes).pipe(toEntries())
      const error = new StoreError(
        "unsupported",
        "toEntries() folds one kind, and got users and notes",
        {
          details: { kinds: ["users", "notes"] },
          hint: "Choose one with ofKind() first, or use one toEntries() for each",
        },
      )
      expectObservable(source).toBe("x-#", { x: new Map([entry(changes.a)]) }, error)
    }))
})

it("C2 the operators work together on a store: the replay is one map, a batch is one map", async () => {
  const store = openStore()
  await store.setMany("users", { alice: 1, bob: 1 })
  await store.set("notes", "1", "n")
  const sizes = lastValueFrom(
    changes$(store, "*").pipe(
      ofKind("users"),
      toEntries(),
      map((users) => [...users.keys()]),
      toArray(),
    ),
  )
  await firstValueFrom(changes$(store, "users"))
  await store.commit({
    ops: [
      { type: "set", kind: "users", key: "carol", value: 1 },
      { type: "delete", kind: "users", key: "bob" },
    ],
  })
  await store.close()
  expect(await sizes).toEqual([
    ["alice", "bob"],
    ["alice", "carol"],
  ])
})
