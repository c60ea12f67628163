import fs from "node:fs"
import { syncBuiltinESMExports } from "node:module"
import { basename, dirname, join } from "node:path"
import { openStore } from "@tidemark/core/better-sqlite3"
import { afterEach, expect, it, vi } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
/** The names of opened files, by their descriptor. */
const names = new Map<number, string>()
const calls: string[] = []

afterEach(() => {
  vi.restoreAllMocks()
  syncBuiltinESMExports()
  calls.length = 0
})

/** Notes what is done to make files durable, for everything that imports node:fs. */
function spyOnSyncs(): void {
  const { openSync, closeSync, fdatasyncSync, fsyncSync, fdatasync } = fs
  const note = (call: string, file: number) => {
    const name = names.get(file)
    if (name !== undefined) calls.push(`${call} ${name}`)
  }
  vi.spyOn(fs, "openSync").mockImplementation((path, ...rest) => {
    const file = openSync(path, ...rest)
    names.delete(file)
    if (path === folder) names.set(file, "the folder")
    else if (dirname(String(path)) === folder) names.set(file, basename(String(path)))
    return file
  })
  vi.spyOn(fs, "closeSync").mockImplementation((file) => {
    note("close", file)
    closeSync(file)
  })
  vi.spyOn(fs, "fdatasyncSync").mockImplementation((file) => {
    note("fdatasyncSync", file)
    fdatasyncSync(file)
  })
  vi.spyOn(fs, "fsyncSync").mockImplementation((file) => {
    note("fsyncSync", file)
    fsyncSync(file)
  })
  vi.spyOn(fs, "fdatasync").mockImplementation((file, done) => {
    note("fdatasync", file)
    fdatasync(file, done)
  })
  syncBuiltinESMExports()
}

it("Z2 at full durability opening syncs the WAL and its folder, and each commit the WAL again", async () => {
  spyOnSyncs()
  const store = openStore({ path: join(folder, "full.db") })
  const opening = ["fdatasyncSync full.db-wal", "fsyncSync the folder", "close the folder"]
  expect(calls).toEqual(opening)
  await store.set("u", "a", 1)
  expect(calls).toEqual([...opening, "fdatasync full.db-wal"])
  await Promise.all([store.set("u", "b", 1), store.set("u", "c", 1)])
  await store.set("u", "c", 1)
  await store.close()
  expect(calls.slice(opening.length)).toEqual([
    "fdatasync full.db-wal",
    "fdatasync full.db-wal",
    "close full.db-wal",
  ])
})

it("Z2 the event loop runs while a write waits for the disk", async () => {
  const begun = Promise.withResolvers<() => void>()
  const { fdatasync } = fs
  vi.spyOn(fs, "fdatasync").mockImplementation((file, done) => {
    begun.resolve(() => fdatasync(file, done))
  })
  syncBuiltinESMExports()
  const store = openStore({ path: join(folder, "held.db") })
  let acknowledged = false
  const written = store.set("u", "a", 1).then(() => {
    acknowledged = true
  })
  const sync = await begun.promise
  await new Promise((resolve) => setImmediate(resolve))
  expect([acknowledged, store.peek("u", "a"), await store.count("u")]).toEqual([false, 1, 1])
  sync()
  await written
  await store.close()
})

it.each([["process"], ["full"]] as const)(
  "Z2 at durability %s nothing is synced that was not asked for",
  async (durability) => {
    spyOnSyncs()
    const path = durability === "full" ? ":memory:" : join(folder, "process.db")
    const store = openStore({ path, durability })
    await store.set("u", "a", 1)
    await store.close()
    expect(calls).toEqual([])
  },
)

it("Z2 a folder that cannot be synced as such is no error, one on a disk that fails is", async () => {
  let code = "EINVAL"
  vi.spyOn(fs, "fsyncSync").mockImplementation(() => {
    throw Object.assign(new Error(code), { code })
  })
  syncBuiltinESMExports()
  const path = join(folder, "folder.db")
  await openStore({ path }).close()
  code = "EIO"
  expect(() => openStore({ path })).toThrow(
    expect.objectContaining({ code: "storage_unavailable", details: { reason: "EIO" } }),
  )
})
