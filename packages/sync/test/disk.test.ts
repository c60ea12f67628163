import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { betterSqlite3Engine } from "@tidemark/core/better-sqlite3"
import { type Engine, type Ingest, plainContext, type Row } from "@tidemark/core/engine"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { Disk } from "../src/disk.ts"

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-disk-"))
  path = join(folder, "base.db")
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe("the base of a replica on disk", () => {
  it("is read back whole after it was written in portions", async () => {
    const errors = await keep([snapshot(25_000)])
    expect(errors).toEqual([])
    const base = await load()
    expect(base).toMatchObject({ epoch: "e", to: 50_000 })
    expect(base?.reset?.rows.length).toBe(25_000)
  })

  it("counts as not there when only a part of it was written", async () => {
    const errors = await keep([snapshot(25_000)], [2])
    expect(errors).toEqual(["no room"])
    expect(await load()).toBeUndefined()
  })

  it("has no hole after a change that could not be written", async () => {
    const errors = await keep([snapshot(2), change(50_001), change(50_002)], [1])
    expect(errors).toEqual(["no room"])
    expect(await load()).toMatchObject({ epoch: "e", to: 50_000 })
  })

  it("lets go of what led to the newest state", async () => {
    const hot = Array.from({ length: 10_001 }, (_, n) => change(50_001 + n, "hot", n + 1))
    await keep([snapshot(2), ...hot])
    expect((await load())?.reset?.rows).toMatchObject([{ key: "hot", version: 10_001 }, {}, {}])
    const engine = betterSqlite3Engine({ path })
    engine.open(
      { advance() {}, durable() {}, pending() {}, connection() {}, health() {}, report() {} },
      plainContext,
    )
    expect((await engine.history("u", "hot", 99_999)).length).toBeLessThan(5)
    await engine.close()
  })

  it("takes a whole base again after a write that failed", async () => {
    await keep([snapshot(2), change(50_001), snapshot(3), change(50_001)], [1])
    const base = await load()
    expect(base?.to).toBe(50_001)
    expect(base?.reset?.rows.length).toBe(4)
  })
})

/** Keeps steps on an engine whose writes of these numbers, from 0, fail; gives what was reported. */
async function keep(steps: readonly Ingest[], failing: readonly number[] = []): Promise<string[]> {
  const errors: string[] = []
  // Ten thousand steps, one after the other: what is kept is asked for here, not whether it is synced.
  const engine = betterSqlite3Engine({ path, durability: "process" })
  const disk = new Disk(flaky(engine, failing), null, (error) =>
    errors.push((error as Error).message),
  )
  await disk.load()
  for (const step of steps) disk.keep(step, "all")
  await disk.close()
  return errors
}

async function load(): Promise<Ingest | undefined> {
  const disk = new Disk(betterSqlite3Engine({ path }), null, () => {})
  const base = await disk.load()
  await disk.close()
  if (base !== undefined) expect(base.view).toBe("all")
  return base?.state
}

function flaky(engine: Engine, failing: readonly number[]): Engine {
  const ingest = engine.ingest.bind(engine)
  let writes = 0
  engine.ingest = (part) => {
    if (failing.includes(writes++)) throw new Error("no room")
    return ingest(part)
  }
  return engine
}

function snapshot(size: number): Ingest {
  const rows = Array.from({ length: size }, (_, n): Row => {
    const key = `k${String(n).padStart(6, "0")}`
    return { kind: "u", key, value: n, version: 1, seq: n + 1, updatedAt: 1 }
  })
  return { epoch: "e", to: 50_000, changes: [], reset: { rows } }
}

function change(seq: number, key = `late${seq}`, version = 1): Ingest {
  const written = { kind: "u", key, version, value: 1, at: 1, cause: "write", batch: seq }
  const type = version === 1 ? "create" : "update"
  return { epoch: "e", to: seq, changes: [{ ...written, type, seq }] }
}
