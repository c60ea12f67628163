// Runs in Bun: the store contract and the cases of files on bun:sqlite, each case on a line of
// JSON as it ends. The folder for its files is its argument.
import { mkdirSync, writeSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"
import { openStore } from "@tidemark/core/bun-sqlite"
import type { SqliteConnection } from "@tidemark/core/sqlite"
import { storeContract } from "@tidemark/core/testing"
import type { BunReport } from "./bun.ts"
import { fileCases } from "./file-cases.ts"

interface BunSqlite {
  readonly Database: new (path: string) => SqliteConnection
}

const { Database }: BunSqlite = createRequire(import.meta.url)("bun:sqlite")
const folder = process.argv[2] ?? ""
let folders = 0

report({ part: "runtime", name: `bun ${process.versions.bun}` })
for (const { name, run } of storeContract) {
  await tell("on a file", name, () =>
    run((options) => openStore({ ...options, path: freshPath() })),
  )
  await tell("in memory", name, () => run((options) => openStore({ ...options, path: ":memory:" })))
}
const driver = { open: openStore, connect: (path: string) => new Database(path), freshPath }
for (const { name, run } of fileCases) await tell("files", name, () => run(driver))
const left = openStore({ path: join(folder, "left.db") })
await left.set("u", "a", { by: "bun", n: 1.5 })
await left.close()

async function tell(part: string, name: string, run: () => Promise<void>): Promise<void> {
  const error = await run().then(
    () => undefined,
    (reason: unknown) => (reason instanceof Error ? (reason.stack ?? reason.message) : `${reason}`),
  )
  report({ part, name, ...(error === undefined ? {} : { error }) })
}

function report(line: BunReport): void {
  writeSync(1, `${JSON.stringify(line)}\n`)
}

function freshPath(): string {
  const own = join(folder, String(++folders))
  mkdirSync(own)
  return join(own, "app.db")
}
