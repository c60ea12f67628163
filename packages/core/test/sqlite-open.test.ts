import { spawnSync } from "node:child_process"
import { chmodSync, mkdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { type ErrorCode, StoreError } from "@tidemark/core"
import { type BetterSqlite3, openStore } from "@tidemark/core/better-sqlite3"
import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { fingerprint, temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
let folders = 0

/** A path in a folder of its own. */
function freshPath(): string {
  const own = join(folder, String(++folders))
  mkdirSync(own)
  return join(own, "app.db")
}

/** A closed database with some hundred kilobytes of entries. */
async function filledFile(): Promise<string> {
  const path = freshPath()
  const store = openStore({ path, durability: "process" })
  await store.setMany(
    "u",
    Array.from({ length: 200 }, (_, n) => [`k${n}`, "x".repeat(500)] as const),
  )
  await store.close()
  return path
}

function changeDatabase(path: string, sql: string): void {
  const database = new Database(path)
  database.exec(sql)
  database.close()
}

function overwrite(path: string, from: number): void {
  const bytes = readFileSync(path)
  writeFileSync(path, bytes.fill(0xab, from))
}

interface BadFile {
  readonly what: string
  readonly code: ErrorCode
  make(): string | Promise<string>
}

const badFiles: readonly BadFile[] = [
  {
    what: "of garbage bytes",
    code: "corrupt",
    make() {
      const path = freshPath()
      writeFileSync(path, Buffer.alloc(20_000, 7))
      return path
    },
  },
  {
    what: "of a few words",
    code: "corrupt",
    make() {
      const path = freshPath()
      writeFileSync(path, "not a database")
      return path
    },
  },
  ...[50, 4096, 12_288, 60_000].map((size) => ({
    what: `truncated to ${size} bytes`,
    code: "corrupt" as const,
    async make() {
      const path = await filledFile()
      truncateSync(path, size)
      return path
    },
  })),
  ...[100, 4096].map((from) => ({
    what: `overwritten from byte ${from}`,
    code: "corrupt" as const,
    async make() {
      const path = await filledFile()
      overwrite(path, from)
      return path
    },
  })),
  ...["meta", "log", "kv", "receipts", "usage", "indexes", "places"].map((table) => ({
    what: `that has lost its table ${table}`,
    code: "corrupt" as const,
    async make() {
      const path = await filledFile()
      changeDatabase(path, `DROP TABLE ${table}`)
      return path
    },
  })),
  ...["epoch", "head", "horizon", "forgotten", "indexes"].map((name) => ({
    what: `whose table meta has lost its ${name}`,
    code: "corrupt" as const,
    async make() {
      const path = await filledFile()
      changeDatabase(path, `DELETE FROM meta WHERE name = '${name}'`)
      return path
    },
  })),
  ...["", "PRAGMA journal_mode = WAL;"].map((mode) => ({
    what: `with another application's tables ${mode}`,
    code: "foreign_schema" as const,
    make() {
      const path = freshPath()
      changeDatabase(path, `${mode} CREATE TABLE users (id); INSERT INTO users VALUES (1)`)
      return path
    },
  })),
  ...["user_version", "application_id"].map((pragma) => ({
    what: `without tables but with a ${pragma}`,
    code: "foreign_schema" as const,
    make() {
      const path = freshPath()
      changeDatabase(path, `PRAGMA ${pragma} = 3`)
      return path
    },
  })),
  {
    what: "of a newer release",
    code: "schema_too_new",
    async make() {
      const path = await filledFile()
      changeDatabase(path, "PRAGMA user_version = 99")
      return path
    },
  },
  {
    what: "in a folder that is missing",
    code: "storage_unavailable",
    make: () => join(dirname(freshPath()), "missing", "app.db"),
  },
  {
    what: "whose name is too long",
    code: "storage_unavailable",
    make: () => join(dirname(freshPath()), "x".repeat(300)),
  },
  {
    what: "whose name is too long with a -wal behind it",
    code: "storage_unavailable",
    make: () => join(dirname(freshPath()), "x".repeat(253)),
  },
  {
    what: "that is a folder",
    code: "storage_unavailable",
    make() {
      const path = freshPath()
      mkdirSync(path)
      return path
    },
  },
]

describe("Z17 a file that cannot be opened", () => {
  it.each(badFiles)("Z17 a file $what is $code, and is not touched", async ({ code, make }) => {
    const path = await make()
    const own = join(folder, String(folders))
    const before = fingerprint(own)
    const error = caught(() => openStore({ path }))
    expect(error).toBeInstanceOf(StoreError)
    expect(error).toMatchObject({ code, hint: expect.stringMatching(/\w/) })
    expect(fingerprint(own)).toEqual(before)
  })

  it("Z17 a damaged page that opening does not meet is corrupt when it is read", async () => {
    const path = await filledFile()
    const bytes = readFileSync(path)
    writeFileSync(path, bytes.fill(0xab, bytes.length / 2, bytes.length / 2 + 16_384))
    const store = openStore({ path })
    await expect(store.list("u")).rejects.toMatchObject({ code: "corrupt" })
    await store.close()
  })

  it("Z17 a driver that is given is used", async () => {
    let opened = 0
    class Counting extends Database {
      constructor(path: string, options: { timeout: number }) {
        super(path, options)
        opened++
      }
    }
    const driver: BetterSqlite3 = Counting
    await openStore({ path: ":memory:", driver }).close()
    expect(opened).toBe(1)
  })
})

/** Permissions bind nobody who is root: then the child becomes somebody else, who must be able to read this project. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
const opener = fileURLToPath(new URL("opener.mjs", import.meta.url))
const permissionsBind =
  process.platform !== "win32" && spawnSync(process.execPath, [opener], nobody).status === 0

describe.skipIf(!permissionsBind)("Z17 a file without permission", () => {
  const cases = [
    { what: "that may not be written", file: 0o444, folder: 0o777, code: "read_only" },
    { what: "that may not be read either", file: 0o000, folder: 0o777, code: "read_only" },
    { what: "in a folder that may not be written", file: 0o666, folder: 0o555, code: "read_only" },
  ]
  it.each(cases)("Z17 a file $what is $code, and is not touched", async (modes) => {
    const path = await filledFile()
    const before = fingerprint(dirname(path))
    chmodSync(folder, 0o755)
    chmodSync(path, modes.file)
    chmodSync(dirname(path), modes.folder)
    const error = openAsNobody(path)
    chmodSync(dirname(path), 0o755)
    chmodSync(path, 0o644)
    expect(error).toMatchObject({ code: modes.code, hint: expect.stringMatching(/permissions/) })
    expect(fingerprint(dirname(path))).toEqual(before)
  })

  it("Z17 a new file in a folder that may not be written is storage_unavailable", () => {
    const path = freshPath()
    chmodSync(folder, 0o755)
    chmodSync(dirname(path), 0o555)
    expect(openAsNobody(path)).toMatchObject({ code: "storage_unavailable" })
    chmodSync(dirname(path), 0o755)
    expect(() => statSync(path)).toThrow("ENOENT")
  })
})

function openAsNobody(path: string): unknown {
  const { stdout, stderr } = spawnSync(process.execPath, [opener, path], nobody)
  expect(String(stderr)).toBe("")
  return JSON.parse(String(stdout))
}

function caught(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error
  }
}
