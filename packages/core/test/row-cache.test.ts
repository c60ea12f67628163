import { openStoreOn } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { answeringLater } from "@tidemark/core/testing"
import { describe, expect, it } from "vitest"
import { RowCache } from "../src/row-cache.ts"
import { weightOf } from "../src/weight.ts"
import { row } from "./row.ts"

const MIB = 1024 * 1024

/** How many of some keys are remembered. */
function remembered(cache: RowCache, keys: readonly string[]): number {
  return keys.filter((key) => cache.has("u", key)).length
}

describe("the rows that were read lately", () => {
  const keys = Array.from({ length: 40_000 }, (_, n) => `k${n}`)

  it("Z2 are bounded in number", () => {
    const cache = new RowCache()
    for (const key of keys) cache.keep(row(key, 1))
    expect(remembered(cache, keys)).toBeLessThanOrEqual(2 * 8192)
    expect(remembered(cache, keys.slice(-8192))).toBe(8192)
  })

  it("Z2 are bounded in bytes: large values do not pile up, and small ones leave room for them", () => {
    const cache = new RowCache()
    for (const key of keys.slice(0, 4_000)) cache.keep(row(key, 1))
    for (const key of keys.slice(0, 1_000)) cache.keep(row(key, "x".repeat(MIB / 4)))
    const left = remembered(cache, keys)
    expect(left).toBeGreaterThan(15)
    expect(left).toBeLessThanOrEqual(2 * 16)
    for (const key of keys) cache.keep(row(key, 1))
    expect(remembered(cache, keys.slice(-8192))).toBe(8192)
  })

  it("Z2 count a row that is written again once, by its newest weight", () => {
    const cache = new RowCache()
    const small = keys.slice(0, 1_000)
    for (const key of small) cache.keep(row(key, 1))
    for (let seq = 1; seq < 100; seq++) {
      cache.keep({ ...row("hot", "x".repeat((seq % 2) * MIB)), seq })
    }
    expect([remembered(cache, small), cache.get("u", "hot")?.seq]).toEqual([1_000, 99])
  })

  it("Z2 have the newest among them however heavy it is, and lose nothing when it is replaced", () => {
    const cache = new RowCache()
    cache.keep(row("small", 1))
    for (let seq = 1; seq < 5; seq++) cache.keep({ ...row("heavy", "x".repeat(20 * MIB)), seq })
    expect([cache.get("u", "heavy")?.seq, cache.get("u", "small")?.value]).toEqual([4, 1])
  })

  it("Z2 are not replaced by an older reading, whichever generation they are in", () => {
    const cache = new RowCache()
    cache.keep({ ...row("a", "new"), seq: 9 })
    for (const key of keys.slice(0, 8_192)) cache.keep(row(key, 1))
    cache.keep({ ...row("a", "old"), seq: 5 })
    expect(cache.get("u", "a")?.value).toBe("new")
  })
})

it("Z2 a value that is heavier than all that is remembered shows to who peeks, on an engine that answers later", async () => {
  const store = await openStoreOn(answeringLater(new MemoryEngine()))
  await store.set("u", "a", "x".repeat(20 * MIB))
  await store.set("u", "b", "x".repeat(20 * MIB))
  await store.get("u", "a")
  expect(String(store.peek("u", "a")).length).toBe(20 * MIB)
  await store.close()
})

describe("the weight of a value", () => {
  it("Z2 grows with its texts, its bytes and its parts, also where not all of it is looked at", () => {
    const text = "x".repeat(1_000)
    const large = Array.from({ length: 10_000 }, () => ({ text }))
    expect(weightOf(large) / weightOf(large.slice(0, 100))).toBeCloseTo(100, -1)
    expect(weightOf(new Map([[1, text]]))).toBeGreaterThan(2_000)
    expect(weightOf(new Set([text]))).toBeGreaterThan(2_000)
    expect(weightOf(new Uint8Array(5_000))).toBeGreaterThan(5_000)
    expect(weightOf(Array.from({ length: 1_000_000 }, (_, n) => n))).toBeGreaterThan(8_000_000)
  })

  it("Z2 ends for a value that contains itself", () => {
    const value: Record<string, unknown> = { a: 1 }
    value.self = value
    expect(weightOf(value)).toBeGreaterThan(0)
  })
})
