import { derive, type Live, type LiveStatus } from "@tidemark/core"
import { TestClock } from "@tidemark/core/testing"
import fc from "fast-check"
import { describe, expect, it, vi } from "vitest"
import { HandLive } from "./hand-live.ts"

function setting() {
  const clock = new TestClock()
  const reported: unknown[] = []
  return { clock, reported, options: { clock, onError: (error: unknown) => reported.push(error) } }
}

describe("derive", () => {
  it("Z3 follows nothing before its first use, nor a while after its last", async () => {
    const { clock, options } = setting()
    const [a, b] = [new HandLive(1), new HandLive(2)]
    const sum = derive([a, b], (x, y) => x + y, options)
    expect([a.gets, a.followers, sum.status]).toEqual([0, 0, "loading"])
    const stop = sum.subscribe(() => {})
    expect([a.followers, b.followers, sum.status]).toEqual([1, 1, "ready"])
    await clock.pass(5_000)
    stop()
    await clock.pass(999)
    expect(a.followers).toBe(1)
    const again = sum.subscribe(() => {}) // Within the grace nothing begins anew.
    await clock.pass(5_000)
    expect(a.followers).toBe(1)
    again()
    await clock.pass(2_000)
    expect([a.followers, b.followers, clock.timers]).toEqual([0, 0, 0])
    a.set(10)
    expect(sum.get()).toBe(12)
    expect(a.followers).toBe(1) // Asked once, kept current for a while.
    await clock.pass(2_000)
    expect(a.followers).toBe(0)
  })

  it("Z3 makes its result anew only when something of it has changed", () => {
    const { options } = setting()
    const [a, b] = [new HandLive(1), new HandLive({ n: 1 })]
    const make = vi.fn((x: number, { n }: { n: number }) => x + n)
    const sum = derive([a, b], make, options)
    let told = 0
    sum.subscribe(() => told++)
    for (let n = 0; n < 5; n++) sum.get()
    a.tell()
    b.set(b.get())
    expect([make.mock.calls.length, told]).toEqual([1, 0])
    b.set({ n: 1 })
    expect([make.mock.calls.length, told]).toEqual([2, 0])
    a.set(2)
    sum.get()
    expect([make.mock.calls.length, told, sum.get()]).toEqual([3, 1, 3])
  })

  it("Z3 keeps its last result while its function throws, reports each throw once and recovers", () => {
    const { options, reported } = setting()
    const a = new HandLive(2)
    const half = derive([a], whole, options)
    const seen: unknown[] = []
    half.subscribe(() => seen.push([half.get(), half.status]))
    a.set(3)
    half.get()
    a.set(5)
    a.set(8)
    expect(seen).toEqual([
      [1, "failed"],
      [4, "ready"],
    ])
    expect(reported).toEqual([new Error("3 is odd"), new Error("5 is odd")])
  })

  it("Z3 throws where its function threw and there is no result yet, also through others", async () => {
    const { options, reported } = setting()
    const a = new HandLive(3)
    const half = derive([a], whole, options)
    const quarter = derive([half], whole, options)
    const status: LiveStatus[] = []
    quarter.subscribe(() => status.push(quarter.status))
    expect(() => half.get()).toThrow("3 is odd")
    expect(() => quarter.get()).toThrow("3 is odd")
    expect([half.status, quarter.status]).toEqual(["failed", "failed"])
    expect([half.error, quarter.error]).toEqual([new Error("3 is odd"), new Error("3 is odd")])
    await expect(quarter.ready).rejects.toThrow("3 is odd")
    expect(reported).toEqual([new Error("3 is odd")])
    a.set(8)
    await quarter.ready
    expect([half.error, quarter.error]).toEqual([undefined, undefined])
    expect([quarter.get(), status]).toEqual([2, ["ready"]])
    a.set(9)
    expect([quarter.get(), half.status, quarter.status]).toEqual([2, "failed", "failed"])
  })

  it("Z3 says how far it is by how far all of them are", async () => {
    const { options } = setting()
    const [a, b] = [new HandLive(1), new HandLive(1)]
    const sum = derive([a, b], (x, y) => x + y, options)
    const seen: LiveStatus[] = []
    sum.subscribe(() => seen.push(sum.status))
    a.become("loading")
    b.become("loading")
    a.become("ready")
    b.become("ready")
    b.become("failed")
    a.become("loading")
    b.become("ready")
    a.become("closed")
    b.become("loading")
    b.become("closed")
    expect(seen).toEqual(["loading", "ready", "failed", "loading", "closed", "loading", "closed"])
    const failing = new HandLive(1)
    failing.status = "loading"
    failing.ready = Promise.reject(new Error("unreadable"))
    await expect(derive([a, failing], () => 1, options).ready).rejects.toThrow("unreadable")
  })

  it("Z3 refuses a result that contains itself, and leaves instances as they are", () => {
    const { options, reported } = setting()
    const a = new HandLive(1)
    const loop: { self?: unknown } = {}
    loop.self = { loop }
    expect(() => derive([a], () => loop, options).get()).toThrow("A derived result has a cycle")
    expect(reported).toMatchObject([{ code: "invalid_value" }])
    const twice = [{ n: 1 }]
    expect(derive([a], () => [twice, twice], options).get()).toEqual([twice, twice])
    const map = derive([a], () => ({ of: new Map([[1, { n: 1 }]]) }), options).get()
    expect([Object.isFrozen(map), Object.isFrozen(map.of), Object.isFrozen(map.of.get(1))]).toEqual(
      [true, false, false],
    )
  })

  it("Z3 a listener that throws is reported and harms no other", () => {
    const { options, reported } = setting()
    const a = new HandLive(1)
    const same = derive([a], (n) => n, options)
    let told = 0
    same.subscribe(() => {
      throw new Error("listener")
    })
    same.subscribe(() => told++)
    a.set(2)
    expect([told, reported]).toEqual([1, [new Error("listener")]])
  })

  it("Z3 tells each of any network once of a batch, if it has changed, and shows none half of it", () => {
    const edges = fc.array(fc.tuple(fc.nat(20), fc.nat(20), fc.nat(3)), { maxLength: 8 })
    const batches = fc.array(fc.array(fc.tuple(fc.nat(2), fc.nat(4)), { maxLength: 3 }))
    fc.assert(
      fc.property(edges, batches, (pairs, writes) => {
        const { options } = setting()
        const sources = [0, 1, 2].map((n) => new HandLive(n))
        const lives: Live<number>[] = [...sources]
        // What each node must show, by the values of the sources alone.
        const models: (() => number)[] = sources.map((source) => () => source.get())
        for (const [x, y, by] of pairs) {
          const [i, j] = [x % lives.length, y % lives.length]
          const [left, right] = [models[i] as () => number, models[j] as () => number]
          const mix = (a: number, b: number) => Math.floor((a + b) / (by + 1))
          lives.push(derive([lives[i] as Live<number>, lives[j] as Live<number>], mix, options))
          models.push(() => mix(left(), right()))
        }
        const all = () => lives.map((live) => live.get())
        const wanted = () => models.map((model) => model())
        const told = lives.map(() => 0)
        for (const [n, live] of lives.entries()) {
          live.subscribe(() => {
            told[n] = (told[n] ?? 0) + 1
            expect(all()).toEqual(wanted())
          })
        }
        for (const batch of writes) {
          const before = all()
          told.fill(0)
          const touched = new Set(batch.map(([n]) => sources[n] as HandLive<number>))
          for (const [n, value] of batch) sources[n]?.put(value)
          for (const source of touched) source.tell()
          const after = wanted()
          expect(all()).toEqual(after)
          const derived = (_: unknown, n: number) => n >= sources.length
          const changed = after.map((value, n) => (value === before[n] ? 0 : 1))
          expect(told.filter(derived)).toEqual(changed.filter(derived))
        }
      }),
      { numRuns: 500 },
    )
  })
})

function whole(n: number): number {
  if (n % 2 === 1) throw new Error(`${n} is odd`)
  return n / 2
}
