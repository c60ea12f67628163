import initSqlite from "@sqlite.org/sqlite-wasm"
import type { Task } from "../../task.ts"

/** What the page asks; each is answered. */
export type RawRequest =
  | { readonly open: string; readonly synchronous: "FULL" | "NORMAL" }
  | { readonly set: readonly (readonly [key: string, task: Task])[] }
  | { readonly get: string }
  | { readonly close: true }

const settings = globalThis as { sqlite3ApiConfig?: object }
settings.sqlite3ApiConfig = {
  disable: { vfs: { opfs: true, "opfs-wl": true, "opfs-vfs": true, kvvfs: true } },
}

type Database = InstanceType<
  Awaited<
    ReturnType<Awaited<ReturnType<typeof initSqlite>>["installOpfsSAHPoolVfs"]>
  >["OpfsSAHPoolDb"]
>
let database: Database

addEventListener("message", async ({ data }: MessageEvent<RawRequest>) => {
  postMessage(await answer(data))
})

async function answer(request: RawRequest): Promise<unknown> {
  if ("open" in request) return open(request)
  if ("set" in request) return set(request.set)
  if ("close" in request) return database.close()
  const text = database.selectValue("SELECT value FROM tasks WHERE key = ?", request.get)
  return text === undefined ? undefined : JSON.parse(text as string)
}

async function open({ open: name, synchronous }: Extract<RawRequest, { open: string }>) {
  const sqlite = await initSqlite()
  const pool = await sqlite.installOpfsSAHPoolVfs({ directory: name, name })
  database = new pool.OpfsSAHPoolDb("/tasks.db")
  database.exec("PRAGMA locking_mode = exclusive; PRAGMA journal_mode = WAL")
  database.exec(`PRAGMA synchronous = ${synchronous}`)
  database.exec("CREATE TABLE IF NOT EXISTS tasks (key TEXT PRIMARY KEY, value TEXT) WITHOUT ROWID")
}

function set(tasks: readonly (readonly [key: string, task: Task])[]): void {
  const put = database.prepare(
    "INSERT INTO tasks VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
  )
  database.exec("BEGIN IMMEDIATE")
  for (const [key, task] of tasks) put.bind([key, JSON.stringify(task)]).stepReset()
  database.exec("COMMIT")
  put.finalize()
}
