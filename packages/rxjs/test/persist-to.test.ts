import { defineKinds, kind, type Op, type Store, StoreError } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { changes$, inTurn, persistTo, toOp } from "@tidemark/rxjs"
import { concat, from, lastValueFrom, map, NEVER, of, Subject, toArray } from "rxjs"
import { describe, expect, it, vi } from "vitest"
import { z } from "zod"
import { type Marbles, marbles } from "./marbles.ts"

/** A store by its shape, whose commits take their time or fail as they are drawn. */
function drawn({ cold }: Marbles, ...answers: readonly (string | readonly [string, unknown])[]) {
  const batches: string[][] = []
  const commit = ({ ops }: { readonly ops: readonly Op[] }) => {
    const [answer, error] = [answers[batches.length] ?? "--(r|)"].flat()
    batches.push(ops.map((op) => (op.type === "set" ? `${op.key}=${op.value}` : `-${op.key}`)))
    return cold(answer as string, undefined, error)
  }
  return { store: { commit } as unknown as Store, batches }
}

const refusal = new StoreError("validation_failed", "x does not fit")
const outage = new StoreError("storage_unavailable", "The disk is full")

describe("persistTo", () => {
  it("C2 tells each value on when it is durable; what comes together is one batch", () => {
    let written: string[][] = []
    marbles((helpers) => {
      const { store, batches } = drawn(helpers)
      written = batches
      const source = helpers.hot("                       (abc)-----d---|")
      const told = source.pipe(persistTo(store, "letters", (letter) => letter))
      helpers.expectObservable(told).toBe("              --(abc)-----d-|")
    })
    expect(written).toEqual([["a=a", "b=b", "c=c"], ["d=d"]])
  })

  it("C2 gathers the next batch while one is on its way, and keeps the order", () => {
    let written: string[][] = []
    marbles((helpers) => {
      const { store, batches } = drawn(helpers, "----(r|)", "---(r|)")
      written = batches
      const source = helpers.hot("                        a-bc-----d-|")
      const told = source.pipe(persistTo(store, "letters", "the last one"))
      helpers.expectObservable(told).toBe("----a--(bc)(d|)")
    })
    expect(written).toEqual([
      ["the last one=a"],
      ["the last one=b", "the last one=c"],
      ["the last one=d"],
    ])
  })

  it("C2 writes what has come before it completes or fails", () => {
    for (const end of ["|", "#"]) {
      let written: string[][] = []
      marbles((helpers) => {
        const { store, batches } = drawn(helpers)
        written = batches
        const source = helpers.hot(`-(ab${end})`)
        const told = source.pipe(persistTo(store, "letters", (letter) => letter))
        helpers.expectObservable(told).toBe(`---(ab${end})`)
      })
      expect(written).toEqual([["a=a", "b=b"]])
    }
  })

  it("C2 puts about so many writes in a batch as it is told, and never parts those of one value", () => {
    let written: string[][] = []
    marbles((helpers) => {
      const { store, batches } = drawn(helpers, "----(r|)", "----(r|)")
      written = batches
      const twice = (key: string): Op[] => [
        { type: "set", kind: "letters", key, value: 1 },
        { type: "delete", kind: "letters", key: key.toUpperCase() },
      ]
      const told = helpers.hot("(abcd|)").pipe(persistTo(store, twice, { batch: 3 }))
      helpers.expectObservable(told).toBe("----(ab)(cd|)")
    })
    expect(written).toEqual([
      ["a=1", "-A", "b=1", "-B"],
      ["c=1", "-C", "d=1", "-D"],
    ])
  })

  it("C2 tells a value that has nothing to write, in its turn", () => {
    let written: string[][] = []
    marbles((helpers) => {
      const { store, batches } = drawn(helpers, "--(r|)")
      written = batches
      const told = helpers
        .hot("                            a-bc|")
        .pipe(
          persistTo(store, (key) => (key === "b" ? { type: "delete", kind: "letters", key } : [])),
        )
      helpers.expectObservable(told).toBe("a---(bc|)")
    })
    expect(written).toEqual([["-b"]])
  })

  it("C2 ends with the error of the store, and writes nothing more", () => {
    let written: string[][] = []
    marbles((helpers) => {
      const { store, batches } = drawn(helpers, ["--#", outage])
      written = batches
      const source = helpers.hot("         (ab)c---d")
      const told = source.pipe(persistTo(store, "letters", (letter) => letter))
      helpers.expectObservable(told).toBe("--#", undefined, outage)
      helpers.expectSubscriptions(source.subscriptions).toBe("^-!")
    })
    expect(written).toEqual([["a=a", "b=b"]])
  })

  it("C2 writes and tells what came before a value that is refused, then ends with its error", () => {
    let written: string[][] = []
    marbles((helpers) => {
      const answers = [["-#", refusal], "-(r|)", ["---#", refusal], ["-#", refusal]] as const
      const { store, batches } = drawn(helpers, ...answers)
      written = batches
      const source = helpers.hot("         (abxc)--")
      const told = source.pipe(persistTo(store, "letters", (letter) => letter))
      helpers.expectObservable(told).toBe("--(ab)#", undefined, refusal)
    })
    expect(written).toEqual([["a=a", "b=b", "x=x", "c=c"], ["a=a", "b=b"], ["x=x", "c=c"], ["x=x"]])
  })

  it("C2 goes on without the values that are refused, where somebody is told of them", () => {
    const onRefused = vi.fn()
    marbles((helpers) => {
      const refused = ["-#", refusal] as const
      const { store } = drawn(helpers, refused, "-(r|)", refused, refused, "-(r|)")
      const source = helpers.hot("(axb|)")
      const told = source.pipe(persistTo(store, "letters", (letter) => letter, { onRefused }))
      helpers.expectObservable(told).toBe("--a--(b|)")
    })
    expect(onRefused.mock.calls).toEqual([[refusal, "x"]])
  })

  it("C2 fails with what the source, the function of the key or onRefused throws", () => {
    const thrown = new Error("no")
    const throwing = () => {
      throw thrown
    }
    marbles((helpers) => {
      const { store } = drawn(helpers, "-(r|)")
      const keyed = helpers
        .hot("(ab)")
        .pipe(persistTo(store, "letters", (name) => (name === "b" ? throwing() : name)))
      helpers.expectObservable(keyed).toBe("-(a#)", undefined, thrown)
      const { store: refusing } = drawn(helpers, ["-#", refusal])
      const told = helpers
        .hot("a")
        .pipe(persistTo(refusing, "letters", "a", { onRefused: throwing }))
      helpers.expectObservable(told).toBe("-#", undefined, thrown)
    })
  })

  it("C2 writes nothing before somebody subscribes, and forgets what waits when they leave", () => {
    let written: string[][] = []
    marbles((helpers) => {
      const { store, batches } = drawn(helpers, "----(r|)")
      written = batches
      const source = helpers.hot("      a-b-c-")
      const told = source.pipe(persistTo(store, "letters", (letter) => letter))
      helpers.expectObservable(told, "-^-!").toBe("----")
      helpers.expectSubscriptions(source.subscriptions).toBe("-^-!")
    })
    expect(written).toEqual([["b=b"]])
  })
})

describe("persistTo a store", () => {
  const kinds = defineKinds({ readings: kind(z.object({ id: z.string(), celsius: z.number() })) })
  const reading = (id: string, celsius: unknown) => ({ id, celsius: celsius as number })

  it("C2 commits what comes in one tick as one batch, with its origin, and validates it", async () => {
    const store = openStore({ kinds })
    const readings = of(reading("a", 1), reading("b", 2), reading("a", 3))
    const told = readings.pipe(persistTo(store, "readings", ({ id }) => id, { origin: "sensors" }))
    expect(await lastValueFrom(told.pipe(toArray()))).toHaveLength(3)
    const changes = await store.changes({ after: 0 })
    expect(changes.map(({ key, origin, batch }) => [key, origin, batch])).toEqual([
      ["a", "sensors", 1],
      ["b", "sensors", 1],
      ["a", "sensors", 1],
    ])
    const bad = of(reading("c", 1), reading("d", "warm"), reading("e", 1))
    const refused = lastValueFrom(bad.pipe(persistTo(store, "readings", ({ id }) => id)))
    await expect(refused).rejects.toMatchObject({ code: "validation_failed" })
    expect(await store.keys("readings")).toEqual(["a", "b", "c"])

    const onRefused = vi.fn()
    const rest = bad.pipe(persistTo(store, "readings", ({ id }) => id, { onRefused }))
    expect(
      await lastValueFrom(
        rest.pipe(
          map(({ id }) => id),
          toArray(),
        ),
      ),
    ).toEqual(["c", "e"])
    expect(onRefused.mock.calls).toMatchObject([[{ code: "validation_failed" }, { id: "d" }]])
  })

  it("C2 makes a source that can wait do so, also behind an inTurn", async () => {
    const store = openStore()
    for (let n = 1; n <= 6; n++) await store.set("numbers", `n${n}`, n)
    const slow = new Subject<void>()
    const commits: string[][] = []
    const sink = {
      commit({ ops }: { readonly ops: readonly Op[] }) {
        commits.push(ops.map(({ key }) => key))
        return new Promise((resolve) => void slow.subscribe(resolve))
      },
    } as unknown as Store
    const told: string[] = []
    let read = 0
    changes$(store, "numbers", { from: 0, buffer: 2 })
      .pipe(
        map((change) => {
          read++
          return change
        }),
        inTurn(async (change) => change),
        persistTo(sink, toOp),
      )
      .subscribe(({ key }) => told.push(key))
    for (const seq of [1, 2, 3, 4, 5, 6]) {
      await vi.waitFor(() => expect(commits.flat()).toHaveLength(seq))
      expect(read).toBe(Math.ceil(seq / 2) * 2)
      slow.next()
    }
    await vi.waitFor(() => expect(told).toEqual(["n1", "n2", "n3", "n4", "n5", "n6"]))
  })

  it("C2 copies a store by its changes, deletes and ends too", async () => {
    const [store, copy] = [openStore(), openStore()]
    await store.setMany("users", { a: 1, b: 1 })
    const copied = lastValueFrom(changes$(store, "*").pipe(persistTo(copy, toOp), toArray()))
    await store.set("users", "a", 2)
    await store.set("users", "c", 1, { expiresAt: 4_000_000_000_000 })
    await store.delete("users", "b")
    await store.close()
    expect(await copied).toHaveLength(5)
    expect(await copy.list("users")).toMatchObject([
      { key: "a", value: 2 },
      { key: "c", value: 1, expiresAt: 4_000_000_000_000 },
    ])
  })

  it("C2 loses nothing of what is pushed faster than it can be written", async () => {
    const store = openStore()
    const numbers = from({ length: 10_000 } as ArrayLike<undefined>).pipe(map((_, n) => n))
    const told = numbers.pipe(persistTo(store, "numbers", (n) => `n${n}`))
    expect(await lastValueFrom(told.pipe(toArray()))).toEqual(
      Array.from({ length: 10_000 }, (_, n) => n),
    )
    expect(await store.count("numbers")).toBe(10_000)
  })

  it("C2 ends with closed when the store is closed", async () => {
    const store = openStore()
    await store.close()
    const told = concat(of("a"), NEVER).pipe(persistTo(store, "letters", "a"))
    await expect(lastValueFrom(told)).rejects.toMatchObject({ code: "closed" })
  })
})

describe("toOp", () => {
  it("C2 is the write that does what a change has done", async () => {
    const store = openStore()
    await store.set("users", "a", 1)
    await store.set("users", "a", 2, { expiresAt: 4_000_000_000_000 })
    await store.delete("users", "a")
    expect((await store.changes({ after: 0 })).map(toOp)).toEqual([
      { type: "set", kind: "users", key: "a", value: 1 },
      { type: "set", kind: "users", key: "a", value: 2, expiresAt: 4_000_000_000_000 },
      { type: "delete", kind: "users", key: "a" },
    ])
  })
})
