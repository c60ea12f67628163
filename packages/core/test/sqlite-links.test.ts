import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { join } from "node:path"
import { openStore, restoreBackup } from "@tidemark/core/better-sqlite3"
import Database from "better-sqlite3"
import { expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
let folders = 0

function freshFolder(): string {
  const own = join(folder, String(++folders))
  mkdirSync(own)
  return own
}

/** A folder with a link to a file in another one, which is not there yet. */
function linked() {
  const own = freshFolder()
  const real = join(own, "real")
  mkdirSync(real)
  const [link, file] = [join(own, "link.db"), join(real, "data.db")]
  symlinkSync(file, link)
  return { own, real, link, file }
}

it("Z11 a link to a file is that file, also one that is still to be made", async () => {
  const { own, real, link, file } = linked()
  for (const [n, path] of [link, file, link].entries()) {
    const store = openStore({ path })
    expect(await store.get("u", "a")).toBe(n === 0 ? undefined : n - 1)
    await store.set("u", "a", n)
    expect(readdirSync(real)).toContain("data.db-wal")
    await store.close()
  }
  expect([readdirSync(own).sort(), readdirSync(real)]).toEqual([["link.db", "real"], ["data.db"]])
})

it("G15 a link that leads to itself is storage_unavailable", () => {
  const path = join(freshFolder(), "app.db")
  symlinkSync(path, path)
  expect(() => openStore({ path })).toThrow(
    expect.objectContaining({ name: "StoreError", code: "storage_unavailable" }),
  )
})

it("G15 a damaged file behind a link is moved aside, and the link stays", async () => {
  const { own, real, link, file } = linked()
  writeFileSync(file, "garbage".repeat(1_000))
  const store = openStore({ path: link, onCorrupt: "quarantine", onError: () => {} })
  const aside = store.status.get().quarantined?.path ?? ""
  await store.set("u", "a", 1)
  await store.close()
  expect(readFileSync(aside, "utf8")).toContain("garbage")
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect([readdirSync(own).length, readdirSync(real).length]).toEqual([2, 2])
})

it("G15 a backup is restored to the file behind a link", async () => {
  const { own, link, file } = linked()
  const store = openStore({ path: link })
  await store.set("u", "a", "then")
  await store.backup(join(own, "backup.db"))
  await store.set("u", "a", "later")
  await store.close()
  const { replaced } = await restoreBackup({ from: join(own, "backup.db"), path: link })
  expect([lstatSync(link).isSymbolicLink(), replaced?.startsWith(file)]).toEqual([true, true])
  const restored = openStore({ path: file })
  expect(await restored.get("u", "a")).toBe("then")
  await restored.close()
})

it("G15 a damaged file that cannot be moved aside is storage_unavailable, and stays", () => {
  const path = join(freshFolder(), `${"x".repeat(240)}.db`)
  writeFileSync(path, "garbage".repeat(1_000))
  expect(() => openStore({ path, onCorrupt: "quarantine" })).toThrow(
    expect.objectContaining({ name: "StoreError", code: "storage_unavailable" }),
  )
  expect(readFileSync(path, "utf8")).toContain("garbage")
})

it("G15 of two that meet the same damage one begins anew, and the other goes on with its store", async () => {
  const path = join(freshFolder(), "app.db")
  writeFileSync(path, "garbage".repeat(1_000))
  const options = { path, onCorrupt: "quarantine", onError: () => {} } as const
  let first: ReturnType<typeof openStore> | undefined
  /** Who meets the damage, and then the other is faster. */
  const slowly = <T>(step: () => T): T => {
    try {
      return step()
    } catch (error) {
      first ??= openStore(options)
      throw error
    }
  }
  class Slow {
    readonly #database: Database.Database
    constructor(name: string, settings: { timeout: number }) {
      this.#database = new Database(name, settings)
    }
    exec(sql: string) {
      return slowly(() => this.#database.exec(sql))
    }
    prepare(sql: string) {
      return slowly(() => this.#database.prepare(sql))
    }
    close() {
      return this.#database.close()
    }
    backup(path: string) {
      return this.#database.backup(path)
    }
  }
  const second = openStore({ ...options, driver: Slow })
  await first?.set("u", "a", "acknowledged")
  expect(await second.get("u", "a")).toBe("acknowledged")
  expect(first?.status.get().quarantined?.path).toContain("corrupt")
  expect(second.status.get().quarantined).toBeUndefined()
  await second.set("u", "b", 1)
  expect(await first?.get("u", "b")).toBe(1)
  await Promise.all([first?.close(), second.close()])
  expect(readdirSync(join(path, "..")).length).toBe(2)
})
