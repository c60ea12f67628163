import { openStoreAtOnce, openStoreOn } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { answeringLater } from "@tidemark/core/testing"
import { describe, expect, it } from "vitest"
import type { Engine } from "../src/engine.ts"
import { CountingEngine } from "./counting-engine.ts"

const MANY = 20_000

async function filled() {
  const engine = new CountingEngine()
  const store = openStoreAtOnce(engine)
  const keys = Array.from({ length: MANY }, (_, n) => `k${String(n).padStart(6, "0")}`)
  await store.setMany(
    "u",
    keys.map((key, n) => [key, n] as const),
  )
  engine.pages.length = 0
  return { engine, store, keys }
}

describe("what is asked of the engine", () => {
  it("G3 a scan of very many keys holds one page of them at a time", async () => {
    const { engine, store, keys } = await filled()
    let read = 0
    for await (const { key } of store.scan("u")) {
      expect(key).toBe(keys[read++])
      // Of the rows that were read, all but those of the newest page have been told.
      const asked = engine.pages.reduce((sum, { rows }) => sum + rows, 0)
      expect(asked - read).toBeLessThan(500)
    }
    expect(read).toBe(MANY)
    expect(engine.pages.every(({ limit }) => limit === 500)).toBe(true)
    expect(engine.pages.length).toBeLessThanOrEqual(MANY / 500 + 1)
    await store.close()
  })

  it("G3 a scan that stops early, or wants few, reads no further", async () => {
    const { engine, store } = await filled()
    for await (const { value } of store.scan("u")) if (value === 700) break
    expect(engine.pages.length).toBe(2)
    for await (const _ of store.scan("u", { after: "k000009", limit: 7 }));
    expect(engine.pages.at(-1)).toEqual({ limit: 7, rows: 7 })
    await store.close()
  })

  it("G3 a page by cursor costs its own length, wherever it is", async () => {
    const { engine, store } = await filled()
    for (const after of ["k000010", "k019000"]) {
      engine.pages.length = 0
      expect(await store.keys("u", { after, limit: 20 })).toHaveLength(20)
      expect(engine.pages.reduce((sum, { rows }) => sum + rows, 0)).toBeLessThanOrEqual(21)
    }
    await store.close()
  })

  it("G4 a count with writes on their way reads what they lie over, and nothing else", async () => {
    const { engine, store } = await filled()
    engine.reads = 0
    const written = [
      store.set("u", "new", 1),
      store.delete("u", "k000001"),
      store.set("u", "k000002", 0),
    ]
    expect(await store.count("u")).toBe(MANY)
    expect(engine.pages).toEqual([])
    expect(engine.reads).toBeLessThan(10)
    await Promise.all(written)
    expect(await store.count("u")).toBe(MANY)
    await store.close()
  })

  it("Z1 a count with a condition holds no list", async () => {
    const { engine, store } = await filled()
    expect(await store.count("u", { prefix: "k01", limit: 3, after: "k015" })).toBe(10_000)
    expect(engine.pages.every(({ limit }) => limit <= 1_000)).toBe(true)
    await store.close()
  })
})

describe("a page that was read before a write of ours had arrived", () => {
  /** An engine that answers later, whose scans can be held back after they have read. */
  function holding() {
    const engine = answeringLater(new MemoryEngine())
    let release = () => {}
    let held: Promise<void> = Promise.resolve()
    const scan: Engine["scan"] = async (kind, range) => {
      const rows = await engine.scan(kind, range)
      await held
      return rows
    }
    return {
      engine: { ...engine, scan },
      hold: () => {
        held = new Promise((resolve) => {
          release = resolve
        })
      },
      release: () => release(),
    }
  }

  it("G3 shows the write all the same, in a list, a scan and a count", async () => {
    const { engine, hold, release } = holding()
    const store = await openStoreOn(engine)
    await store.setMany("u", { a: 1, c: 1, d: 1 })
    const scanned = async () => {
      const keys: string[] = []
      for await (const { key } of store.scan("u")) keys.push(key)
      return keys
    }
    hold()
    const writes = [store.set("u", "b", 1), store.delete("u", "c"), store.set("u", "d", 2)]
    const list = store.list("u")
    const reads = [scanned(), store.count("u", { prefix: "" })]
    await Promise.all(writes)
    expect(store.status.get().pending).toBe(0)
    release()
    expect((await list).map(({ key, value }) => [key, value])).toEqual([
      ["a", 1],
      ["b", 1],
      ["d", 2],
    ])
    expect(await Promise.all(reads)).toEqual([["a", "b", "d"], 3])
    await store.close()
  })
})
