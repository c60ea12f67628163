import { execFile, spawnSync } from "node:child_process"
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import { TestClock } from "@tidemark/core/testing"
import Database from "better-sqlite3"
import { afterAll, expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()

/** Writes until a write is refused; gives how many were acknowledged and the error. */
async function fill(store: Store): Promise<{ count: number; error: unknown }> {
  for (let count = 0; count < 10_000; count++) {
    try {
      await store.set("u", `k${count}`, "x".repeat(5_000))
    } catch (error) {
      return { count, error }
    }
  }
  throw new Error("It never was full")
}

const refused = { code: "storage_unavailable", hint: expect.stringMatching(/full/) }

/** A store that has become full, until `makeRoom` was called. */
async function checkFull(store: Store, path: string, clock: TestClock, makeRoom: () => void) {
  const { count, error } = await fill(store)
  expect(count).toBeGreaterThan(5)
  expect(error).toMatchObject(refused)
  const held = async (one: Store) => [await one.count("u"), one.position, one.peek("u", "k0")]
  expect(await held(store)).toEqual([count, count, "x".repeat(5_000)])
  expect(store.peek("u", `k${count}`)).toBeUndefined()
  expect(store.status.get()).toMatchObject({ health: "failing", failure: { error: refused } })
  await clock.pass(30_000)
  expect(store.status.get().health).toBe("failing")

  makeRoom()
  await clock.pass(10_000)
  expect(store.status.get().health).toBe("ok")
  expect(await store.set("u", `k${count}`, 1)).toMatchObject({ outcome: "created", seq: count + 1 })
  await store.close()
  const again = openStore({ path })
  expect((await held(again)).slice(0, 2)).toEqual([count + 1, count + 1])
  expect((await again.changes({ after: 0, limit: count + 1 })).map(({ seq }) => seq)).toEqual(
    Array.from({ length: count + 1 }, (_, n) => n + 1),
  )
  await again.close()
}

it.each(["full", "process"] as const)(
  "Z2 a database that may grow no more refuses writes, says so, and goes on when it may: durability %s",
  async (durability) => {
    let connection: Database.Database | undefined
    class Small extends Database {
      constructor(path: string, options: { timeout: number }) {
        super(path, options)
        connection = this
      }
    }
    const path = join(folder, `${durability}.db`)
    const clock = new TestClock()
    const store = openStore({ path, durability, clock, driver: Small })
    connection?.pragma("max_page_count = 60")
    // What is full is found out by growing: SQLite finds room for one row of meta in its pages.
    const { count, error } = await fill(store)
    expect(error).toMatchObject(refused)
    expect(store.status.get().health).toBe("failing")
    expect([await store.count("u"), store.position]).toEqual([count, count])
    connection?.pragma("max_page_count = 1000000")
    await clock.pass(250)
    expect(store.status.get().health).toBe("ok")
    expect(await store.set("u", `k${count}`, 1)).toMatchObject({ seq: count + 1 })
    await store.close()
  },
)

// A disk of two megabytes, where this process may mount one.
const disk = join(folder, "disk")
mkdirSync(disk)
const mounting = spawnSync("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", disk])
const mounted = mounting.status === 0
afterAll(() => {
  if (mounted) spawnSync("umount", [disk])
})

it.skipIf(!mounted)(
  "Z2 a disk that is full refuses writes, loses nothing, and is well when there is room again",
  async () => {
    const ballast = join(disk, "ballast")
    writeFileSync(ballast, Buffer.alloc(1_000_000))
    const path = join(disk, "app.db")
    const clock = new TestClock()
    const store = openStore({ path, clock })
    await checkFull(store, path, clock, () => rmSync(ballast))
  },
)

it.skipIf(process.platform === "win32")(
  "Z2 a file that may grow no more is an I/O error: what was acknowledged is there afterwards",
  async () => {
    const path = join(folder, "limited.db")
    const filler = fileURLToPath(new URL("filler.mjs", import.meta.url))
    const limited = 'ulimit -f 600 && exec "$0" "$@"'
    const { stdout } = await promisify(execFile)("sh", [
      "-c",
      limited,
      process.execPath,
      filler,
      path,
    ])
    const { acknowledged, ...rest } = JSON.parse(stdout)
    expect(acknowledged).toBeGreaterThan(5)
    expect(rest).toEqual({
      code: "storage_unavailable",
      health: "failing",
      shown: null,
      count: acknowledged,
    })
    const store = openStore({ path })
    expect([await store.count("u"), store.position]).toEqual([acknowledged, acknowledged])
    await store.close()
  },
)
