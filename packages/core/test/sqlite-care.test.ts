import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { setImmediate } from "node:timers/promises"
import type { Store } from "@tidemark/core"
import { openStore, restoreBackup } from "@tidemark/core/better-sqlite3"
import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { fingerprint, temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
let folders = 0

function freshFolder(): string {
  const own = join(folder, String(++folders))
  mkdirSync(own)
  return own
}

/** A closed store with so many entries. */
async function filled(path: string, entries: number): Promise<void> {
  const store = openStore({ path, durability: "process" })
  const pairs = Array.from({ length: entries }, (_, n) => [`k${n}`, "x".repeat(400)] as const)
  await store.setMany("u", pairs)
  await store.close()
}

/** Spoils a page in the middle of a file. */
function spoil(path: string): void {
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0xab, bytes.length / 2, bytes.length / 2 + 4_096))
}

describe("a backup", () => {
  it("G15 is the store as of one moment, while writes go on", async () => {
    const path = join(freshFolder(), "app.db")
    await filled(path, 3_000)
    const store = openStore({ path, durability: "process" })
    let written = 0
    let done = false
    const writing = (async () => {
      while (!done) {
        await store.setMany("v", { a: ++written, b: written })
        await setImmediate()
      }
    })()
    await store.backup(`${path}.bak`)
    done = true
    await writing
    const copy = openStore({ path: `${path}.bak` })
    expect(await copy.check()).toEqual({ ok: true, problems: [] })
    expect(await copy.count("u")).toBe(3_000)
    expect(await copy.get("v", "a")).toBe(await copy.get("v", "b"))
    expect(copy.position).toBeLessThanOrEqual(store.position)
    await Promise.all([copy.close(), store.close()])
    expect(readdirSync(join(path, "..")).filter((name) => name.includes(".part"))).toEqual([])
  })

  it("G15 is not written over a file, nor into a folder that is not there", async () => {
    const own = freshFolder()
    const store = openStore({ path: join(own, "app.db") })
    writeFileSync(join(own, "taken"), "mine")
    await expect(store.backup(join(own, "taken"))).rejects.toMatchObject({ code: "invalid_value" })
    await expect(store.backup(join(own, "no", "where"))).rejects.toMatchObject({
      code: "storage_unavailable",
    })
    expect(readFileSync(join(own, "taken"), "utf8")).toBe("mine")
    await store.close()
  })
})

describe("restoring", () => {
  async function backedUp() {
    const own = freshFolder()
    const path = join(own, "app.db")
    const store = openStore({ path })
    await store.set("u", "a", "then")
    await store.backup(join(own, "backup.db"))
    await store.set("u", "a", "later")
    return { own, path, from: join(own, "backup.db"), store }
  }

  it("G15 puts the backup in place with an epoch of its own, and keeps what was there", async () => {
    const { path, from, store } = await backedUp()
    const { epoch } = store
    await store.close()
    const { replaced } = await restoreBackup({ from, path })
    const read = async (file: string) => {
      const opened = openStore({ path: file })
      const told = [await opened.get("u", "a"), opened.epoch === epoch]
      await opened.close()
      return told
    }
    expect(await read(path)).toEqual(["then", false])
    expect(await read(replaced as string)).toEqual(["later", true])
    expect(existsSync(from)).toBe(true)
  })

  it("G15 is refused while a store is open on the file, and changes nothing", async () => {
    const { path, from, store } = await backedUp()
    await expect(restoreBackup({ from, path })).rejects.toMatchObject({ code: "busy" })
    expect(await store.get("u", "a")).toBe("later")
    await store.set("u", "b", 1)
    await store.close()
  })

  it("G15 takes the place of a damaged file, and of none", async () => {
    const { own, path, from, store } = await backedUp()
    await store.close()
    writeFileSync(path, "garbage".repeat(1_000))
    const { replaced } = await restoreBackup({ from, path })
    expect(readFileSync(replaced as string, "utf8")).toContain("garbage")
    expect(await restoreBackup({ from, path: join(own, "new.db") })).toEqual({
      replaced: undefined,
    })
  })

  it("G15 is not mixed with what was left of a database that is gone", async () => {
    const path = join(freshFolder(), "app.db")
    await filled(path, 3)
    const store = openStore({ path: `${path}.old` })
    await store.set("u", "old", 1)
    copyFileSync(`${path}.old-wal`, `${path}.lone`)
    await store.close()
    const backup = `${path}.bak`
    copyFileSync(path, backup)
    for (const part of ["", "-wal", "-shm"]) rmSync(`${path}${part}`, { force: true })
    copyFileSync(`${path}.lone`, `${path}-wal`)
    const { replaced } = await restoreBackup({ from: backup, path })
    expect(readFileSync(`${replaced}-wal`)).toEqual(readFileSync(`${path}.lone`))
    const restored = openStore({ path })
    expect(await restored.keys("u")).toEqual(["k0", "k1", "k2"])
    await restored.close()
  })

  it("G15 refuses what is no good backup, and changes nothing", async () => {
    const { own, path, from, store } = await backedUp()
    await store.close()
    const foreign = join(own, "foreign.db")
    new Database(foreign).exec("CREATE TABLE theirs (a)").close()
    const damaged = join(own, "damaged.db")
    await filled(damaged, 1_000)
    spoil(damaged)
    writeFileSync(join(own, "empty.db"), "")
    const before = fingerprint(own)
    for (const [name, code] of [
      ["foreign.db", "foreign_schema"],
      ["damaged.db", "corrupt"],
      ["empty.db", "corrupt"],
      ["missing.db", "storage_unavailable"],
    ] as const) {
      await expect(restoreBackup({ from: join(own, name), path })).rejects.toMatchObject({ code })
    }
    expect(fingerprint(own)).toEqual(before)
    expect(existsSync(from)).toBe(true)
  })
})

describe("a damaged file", () => {
  async function damaged(): Promise<string> {
    const path = join(freshFolder(), "app.db")
    await filled(path, 1_000)
    spoil(path)
    return path
  }

  it("G15 is moved aside when that is asked for, and the store says so", async () => {
    const path = await damaged()
    const bytes = readFileSync(path)
    const told: unknown[] = []
    const store = openStore({
      path,
      onCorrupt: "quarantine",
      checkAtOpen: "always",
      onError: (error) => told.push(error),
    })
    const { quarantined } = store.status.get()
    expect(quarantined).toMatchObject({ error: { code: "corrupt" } })
    expect(readFileSync(quarantined?.path ?? "").equals(bytes)).toBe(true)
    expect(told).toMatchObject([{ code: "corrupt", details: { path: quarantined?.path } }])
    await store.set("u", "a", 1)
    await store.close()
    const again = openStore({ path, onCorrupt: "quarantine" })
    expect([await again.get("u", "a"), again.status.get().quarantined]).toEqual([1, undefined])
    await again.close()
  })

  it.each([
    ["gone", (path: string) => rmSync(path)],
    ["empty", (path: string) => writeFileSync(path, "")],
  ])(
    "G15 whose file is %s and whose -wal is not is damaged: nothing is deleted",
    async (_, lose) => {
      const [live, path] = [join(freshFolder(), "live.db"), join(freshFolder(), "app.db")]
      const store = openStore({ path: live })
      await store.set("u", "a", 1)
      for (const part of ["", "-wal"]) copyFileSync(`${live}${part}`, `${path}${part}`)
      await store.close()
      const wal = readFileSync(`${path}-wal`)
      lose(path)
      expect(() => openStore({ path })).toThrow(expect.objectContaining({ code: "corrupt" }))
      expect(readFileSync(`${path}-wal`)).toEqual(wal)
      const next = openStore({ path, onCorrupt: "quarantine", onError: () => {} })
      const aside = next.status.get().quarantined?.path
      expect(readFileSync(`${aside}-wal`)).toEqual(wal)
      expect(await next.get("u", "a")).toBeUndefined()
      await next.close()
    },
  )

  it("G15 is refused else, and stays as it is", async () => {
    const path = await damaged()
    const before = fingerprint(join(path, ".."))
    expect(() => openStore({ path, checkAtOpen: "always" })).toThrow("The database is damaged")
    expect(fingerprint(join(path, ".."))).toEqual(before)
  })

  it("G15 is looked for when the file was not closed properly", async () => {
    const path = join(freshFolder(), "app.db")
    await filled(path, 1_000)
    const store = openStore({ path })
    await store.set("u", "a", 1)
    // What a killed process leaves: the file and a `-wal` with changes.
    const left = join(freshFolder(), "app.db")
    for (const part of ["", "-wal"]) copyFileSync(`${path}${part}`, `${left}${part}`)
    spoil(left)
    await store.close()
    expect(() => openStore({ path: left })).toThrow("The database is damaged")
    await openStore({ path: left, checkAtOpen: "never" }).close()
  })
})

describe("check", () => {
  const broken: Record<string, [sql: string, problem: string]> = {
    "an entry without its change": ["DELETE FROM log WHERE seq = 2", "point at a change"],
    "a tombstone that is none": ["UPDATE kv SET deleted = 1 WHERE key = 'a'", "disagree"],
    "an entry that points at an old change": ["UPDATE kv SET seq = 1 WHERE key = 'a'", "newer"],
    "a version that was given twice": ["UPDATE log SET version = 1 WHERE seq = 2", "version"],
    "a count for quotas that is wrong": ["INSERT INTO usage VALUES ('x', 1, 1)", "quota"],
    "a value that is no JSON": ["UPDATE log SET value = '{' WHERE seq = 1", "JSON"],
  }

  it.each(Object.entries(broken))("G15 finds %s", async (_, [sql, problem]) => {
    const path = join(freshFolder(), "app.db")
    let store: Store = openStore({ path })
    await store.set("u", "a", 1)
    await store.set("u", "a", 2)
    expect(await store.check()).toEqual({ ok: true, problems: [] })
    await store.close()
    new Database(path).exec(sql).close()
    store = openStore({ path })
    const { ok, problems } = await store.check()
    expect([ok, problems.join()]).toEqual([false, expect.stringContaining(problem)])
    await store.close()
  })
})
