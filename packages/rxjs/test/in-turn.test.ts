import { openStore } from "@tidemark/core/memory"
import { changes$, inTurn, ofType } from "@tidemark/rxjs"
import { filter, lastValueFrom, map, NEVER, of, Subject, share, throwError, toArray } from "rxjs"
import { describe, expect, it, vi } from "vitest"
import { marbles } from "./marbles.ts"

describe("inTurn", () => {
  it("C2 begins the work for a value when that for the one before is done, as concatMap does", () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot("   a-b-c------|")
      const work = cold("    ---x|")
      expectObservable(source.pipe(inTurn(() => work))).toBe("---x---x---x|")
      expectSubscriptions(source.subscriptions).toBe("^----------!")
      expectSubscriptions(work.subscriptions).toBe(["^---!", "----^---!", "--------^---!"])
    }))

  it("C2 gives each value its index, and takes promises, arrays and whatever else RxJS takes", async () => {
    const results = of("a", "b").pipe(inTurn((value, index) => [value, index]))
    expect(await lastValueFrom(results.pipe(toArray()))).toEqual(["a", 0, "b", 1])
    const promised = of("a", "b").pipe(inTurn(async (value) => `${value}!`))
    expect(await lastValueFrom(promised.pipe(toArray()))).toEqual(["a!", "b!"])
  })

  it("C2 works on so many values at once as it is told to, begun in order", () =>
    marbles(({ hot, cold, expectObservable }) => {
      const source = hot("   (abc)-----|")
      const work = { a: cold("----x|"), b: cold("--x|"), c: cold("--x|") }
      const results = source.pipe(
        inTurn((name) => work[name as keyof typeof work].pipe(map(() => name)), 2),
      )
      expectObservable(results).toBe("--b-ac----|")
    }))

  it("C2 fails with the source, with the work, and with what the function throws", () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      expectObservable(hot("a-#").pipe(inTurn(() => cold("x----|")))).toBe("x-#")
      const source = hot("a-b-c-|")
      expectObservable(source.pipe(inTurn(() => cold("-#")))).toBe("-#")
      expectSubscriptions(source.subscriptions).toBe("^!")
      const thrown = new Error("no")
      const fails = hot("--a|").pipe(
        inTurn(() => {
          throw thrown
        }),
      )
      expectObservable(fails).toBe("--#", undefined, thrown)
    }))

  it("C2 ends the work with its subscriber", () =>
    marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const work = cold("          -----x|")
      expectObservable(hot("a-b-").pipe(inTurn(() => work)), "^--!").toBe("----")
      expectSubscriptions(work.subscriptions).toBe("^--!")
    }))
})

describe("changes$ with inTurn behind it", () => {
  it("C2 reads a page on when what it has told is done with, and not before", async () => {
    const { store, read } = await written(10)
    const turns: (() => void)[] = []
    const done: number[] = []
    changes$(store, "numbers", { from: 0, buffer: 2 })
      .pipe(inTurn(({ seq }) => new Promise<number>((resolve) => turns.push(() => resolve(seq)))))
      .subscribe((seq) => done.push(seq))
    for (let seq = 1; seq <= 10; seq++) {
      await vi.waitFor(() => expect(turns).toHaveLength(seq))
      // Two at a time, and no more before both are done with.
      expect(read()).toBe(Math.ceil(seq / 2) * 2)
      turns.at(-1)?.()
    }
    await vi.waitFor(() => expect(done).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]))
  })

  it("C2 waits through operators that pass on at once, and through another inTurn", async () => {
    const { store, read } = await written(10)
    const release = new Subject<void>()
    const seen: number[] = []
    changes$(store, "numbers", { from: 0, buffer: 2 })
      .pipe(
        ofType("create"),
        filter(({ seq }) => seq % 2 === 1),
        inTurn(async ({ seq }) => seq),
        map((seq) => seq * 10),
        inTurn((seq) => {
          seen.push(seq)
          return new Promise((resolve) => void release.subscribe(() => resolve(seq)))
        }),
      )
      .subscribe()
    for (const [turn, seq] of [10, 30, 50, 70, 90].entries()) {
      await vi.waitFor(() => expect(seen.at(-1)).toBe(seq))
      expect(read()).toBe(2 * turn + 2)
      release.next()
    }
  })

  it("C2 waits for the slowest of those who share it, and not for one who is gone or has failed", async () => {
    const { store, read } = await written(6)
    const shared = changes$(store, "numbers", { from: 0, buffer: 2 }).pipe(share())
    const error = vi.fn()
    shared.pipe(inTurn(() => throwError(() => new Error("no")))).subscribe({ error })
    const stuck = shared.pipe(inTurn(() => NEVER)).subscribe()
    const seen: number[] = []
    shared.pipe(inTurn(async ({ seq }) => seq)).subscribe((seq) => seen.push(seq))
    await vi.waitFor(() => expect(seen).toEqual([1, 2]))
    expect([read(), error.mock.calls.length]).toEqual([2, 1])
    stuck.unsubscribe()
    await vi.waitFor(() => expect(seen).toEqual([1, 2, 3, 4, 5, 6]))
  })

  it("C2 tells a batch as a whole, however slow the work", async () => {
    const store = openStore()
    const seen: string[] = []
    changes$(store, "users", { buffer: 1 })
      .pipe(
        map(({ key }) => {
          seen.push(key)
          queueMicrotask(() => seen.push("|"))
          return key
        }),
        inTurn(async () => {}),
      )
      .subscribe()
    await store.setMany("users", { a: 1, b: 1, c: 1 })
    await store.setMany("users", { d: 1, e: 1 })
    await vi.waitFor(() => expect(seen.join("")).toBe("abc|||de||"))
  })

  it("Z17 fails with closed when the store closes before it has read everything", async () => {
    const { store, read } = await written(3_000)
    const { promise: held, resolve } = Promise.withResolvers<void>()
    const done: number[] = []
    const end = lastValueFrom(
      changes$(store, "numbers", { from: 0, buffer: 2 }).pipe(
        inTurn(async ({ seq }) => {
          await held
          done.push(seq)
        }),
      ),
    )
    await vi.waitFor(() => expect(read()).toBe(2))
    await store.close()
    resolve()
    await expect(end).rejects.toMatchObject({ code: "closed" })
    expect(done).toEqual([1, 2])
  })
})

/** A store with so many changes, and how far its log was read. */
async function written(count: number) {
  const store = openStore()
  const far: number[] = []
  const watch = store.watch.bind(store)
  vi.spyOn(store, "watch").mockImplementation((...given: Parameters<typeof watch>) => {
    const made = watch(...given)
    const subscribe = made.subscribe.bind(made)
    vi.spyOn(made, "subscribe").mockImplementation((observer) => {
      if (typeof observer === "function") return subscribe(observer)
      return subscribe({
        ...observer,
        next(change) {
          far.push(change.seq)
          observer.next?.(change)
        },
      })
    })
    return made
  })
  for (let n = 1; n <= count; n++) await store.set("numbers", `n${n}`, n)
  return { store, read: () => far.at(-1) ?? 0 }
}
