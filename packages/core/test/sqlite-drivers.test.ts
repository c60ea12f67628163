import { mkdirSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { openStore as openBetterSqlite3 } from "@tidemark/core/better-sqlite3"
import { openStore as openBunSqlite } from "@tidemark/core/bun-sqlite"
import { openStore as openNodeSqlite } from "@tidemark/core/node-sqlite"
import Database from "better-sqlite3"
import { afterEach, describe, expect, it, vi } from "vitest"
import { type FileDriver, fileCases } from "./file-cases.ts"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
let folders = 0

function freshPath(): string {
  const own = join(folder, String(++folders))
  mkdirSync(own)
  return join(own, "app.db")
}

// Each with its own SQLite: two of them in one process do not see each other's locks.
const drivers: Record<string, FileDriver> = {
  "better-sqlite3": {
    open: openBetterSqlite3,
    connect: (path) => new Database(path),
    freshPath,
  },
  "node:sqlite": {
    open: openNodeSqlite,
    connect: (path) => new DatabaseSync(path),
    freshPath,
  },
}

describe.each(Object.entries(drivers))("Z11 files through %s", (engine, driver) => {
  for (const { name, run } of fileCases) it(name, () => run(driver))

  it("Z11 the status names the driver, and durability is full unless another was chosen", async () => {
    const store = driver.open({ path: freshPath() })
    expect(store.status.get()).toMatchObject({ engine, storage: "file", durability: "full" })
    await store.close()
  })
})

describe("Z11 node:sqlite", () => {
  // What its `require` gives is one object, and the engine takes the class from it at each opening.
  const module: { DatabaseSync: typeof DatabaseSync } = createRequire(import.meta.url)(
    "node:sqlite",
  )
  afterEach(() => {
    module.DatabaseSync = DatabaseSync
  })

  it.each(["full", "process"] as const)(
    "Z11 is told that at durability %s a commit itself waits for no disk, in WAL mode",
    async (durability) => {
      let connection: DatabaseSync | undefined
      module.DatabaseSync = class extends DatabaseSync {
        constructor(path: string) {
          super(path)
          connection = this
        }
      }
      const store = openNodeSqlite({ path: freshPath(), durability })
      expect(connection?.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 1 })
      expect(connection?.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" })
      await store.close()
    },
  )

  it("Z17 of a Node whose SQLite can corrupt a database is unsupported", () => {
    module.DatabaseSync = class extends DatabaseSync {
      constructor(path: string) {
        super(path)
        this.function("sqlite_version", { deterministic: true }, () => "3.51.2")
      }
    }
    const path = freshPath()
    expect(() => openNodeSqlite({ path })).toThrow(
      expect.objectContaining({
        code: "unsupported",
        details: { found: "3.51.2", oldest: "3.51.3" },
        hint: expect.stringContaining("a newer Node"),
      }),
    )
  })
})

describe("Z17 a driver that cannot be loaded", () => {
  it("Z17 is storage_unavailable and says how to get it: better-sqlite3, node:sqlite", async () => {
    const expected = {
      "better-sqlite3": "npm install better-sqlite3",
      "node-sqlite": "Run it on Node 22.22.3",
    }
    vi.resetModules()
    vi.doMock("node:module", () => ({
      createRequire: () => (name: string) => {
        throw new Error(`Cannot find module '${name}'`)
      },
    }))
    for (const [entry, hint] of Object.entries(expected)) {
      const { openStore } = await import(`../src/${entry}.ts`)
      expect(() => openStore({ path: ":memory:" })).toThrow(
        expect.objectContaining({
          name: "StoreError",
          code: "storage_unavailable",
          hint: expect.stringContaining(hint),
          cause: expect.objectContaining({
            message: expect.stringContaining("Cannot find module"),
          }),
        }),
      )
    }
    vi.doUnmock("node:module")
  })

  it("Z17 bun:sqlite outside of Bun is storage_unavailable and says where to run it", () => {
    expect(() => openBunSqlite({ path: ":memory:" })).toThrow(
      expect.objectContaining({
        code: "storage_unavailable",
        details: { driver: "bun:sqlite" },
        hint: expect.stringContaining("Run it in Bun"),
      }),
    )
  })
})

it("Z17 an SQLite that can corrupt a database in WAL mode is unsupported", () => {
  class Old extends Database {
    constructor(path: string, options: { timeout: number }) {
      super(path, options)
      this.function("sqlite_version", { deterministic: true }, () => "3.51.2")
    }
  }
  expect(() => openBetterSqlite3({ path: ":memory:", driver: Old })).toThrow(
    expect.objectContaining({
      code: "unsupported",
      details: { found: "3.51.2", oldest: "3.51.3" },
    }),
  )
})
