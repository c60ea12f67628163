import { join } from "node:path"
import type { Change, Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { openStore as openMemory } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import fc from "fast-check"
import { expect, it } from "vitest"
import { CountingEngine } from "./counting-engine.ts"
import { openFragile } from "./failing.ts"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
let files = 0

it("G1 what has ended while nobody had the file open is deleted after opening", async () => {
  const path = join(folder, "closed.db")
  const clock = new TestClock()
  const first = openStore({ path, clock })
  await first.set("u", "a", 1, { ttl: 100 })
  await first.close()
  await clock.pass(100)
  const second = openStore({ path, clock })
  expect(await second.get("u", "a")).toBeUndefined()
  await clock.pass(0)
  expect(await second.history("u", "a")).toMatchObject([{ cause: "expired" }, { cause: "write" }])
  await second.close()
  expect(clock.timers).toBe(0)
})

it("G1 nothing is read for a write that ends later than another one", async () => {
  const clock = new TestClock()
  const engine = new CountingEngine()
  const store = openStoreAtOnce(engine, { clock })
  await clock.pass(0)
  await store.set("u", "a", 1, { ttl: 50 })
  const reads = engine.looks
  for (let n = 0; n < 100; n++) await store.set("u", `k${n}`, 1, { ttl: 1_000 })
  expect(engine.looks).toBe(reads)
  await clock.pass(50)
  expect(engine.looks).toBe(reads + 1)
  await store.close()
})

it("G1 a store without ends sets no timer for them", async () => {
  const clock = new TestClock()
  const store = openMemory({ clock })
  await clock.pass(0)
  await store.set("u", "a", 1)
  expect(clock.timers).toBe(0)
  await store.close()
})

it("G1 a disk that fails leaves what has ended hidden, and it is deleted when the disk is well", async () => {
  const { store, connection, clock } = openFragile(join(folder, "failing.db"))
  await clock.pass(0)
  await store.set("u", "a", 1, { ttl: 100 })
  connection.failAfter(1)
  await clock.pass(100)
  expect(await store.get("u", "a")).toBeUndefined()
  expect((await store.history("u", "a")).length).toBe(1)
  await clock.pass(60_000)
  expect((await store.history("u", "a")).at(0)).toMatchObject({ cause: "expired" })
  await store.close()
})

it("G1 no fresh write is lost to a timer or a purge, whoever races on one file", async () => {
  const key = fc.constantFrom("a", "b", "c")
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("set"), key, ttl: fc.nat(60) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant("touch"), key, ttl: fc.nat(60) }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("keep"), key, ttl: fc.constant(0) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("purge"), key, ttl: fc.nat(60) }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("pass"), key, ttl: fc.nat(40) }) },
  )
  const steps = fc.array(fc.tuple(fc.nat(1), fc.boolean(), step), { minLength: 1, maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(steps, async (run) => {
      const clock = new TestClock()
      const path = join(folder, `${++files}.db`)
      const open = () => openStore({ path, clock, durability: "process" })
      const stores = [open(), open()] as const
      const written: { readonly seq: number; readonly version: number }[] = []
      const underWay: Promise<unknown>[] = []
      for (const [n, [which, awaited, { do: what, key, ttl }]] of run.entries()) {
        const store = stores[which] as Store
        const done =
          what === "set" || what === "keep"
            ? store
                .set("u", key, n, what === "set" ? { ttl } : {})
                .then((result) => written.push(result))
            : what === "touch"
              ? store.touch("u", key, { ttl })
              : what === "purge"
                ? store.purge()
                : clock.pass(ttl)
        underWay.push(done)
        if (awaited) await done
      }
      await Promise.all(underWay)
      await Promise.all(stores.map((store) => store.close()))
      const after = open()
      const log = await after.changes({ after: 0 })
      await after.close()
      checkEnds(log)
      for (const { seq, version } of written) expect(log[seq - 1]).toMatchObject({ version })
    }),
    { numRuns: 60 },
  )
})

/** Each deletion by time met an entry whose end had come, and nothing else ended by time. */
function checkEnds(log: readonly Change[]): void {
  const entries = new Map<string, Change>()
  for (const change of log) {
    const before = entries.get(change.key)
    if (change.cause === "expired") expect(before?.expiresAt).toBeLessThanOrEqual(change.at)
    else if (before?.expiresAt !== undefined) expect(before.expiresAt).toBeGreaterThan(change.at)
    if (change.type === "delete") entries.delete(change.key)
    else entries.set(change.key, change)
  }
}
