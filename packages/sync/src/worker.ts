import initSqlite from "@sqlite.org/sqlite-wasm"
import { StoreError } from "@tidemark/core"
import { type Advance, type Engine, type EngineListener, plainContext } from "@tidemark/core/engine"
import { sqliteWasmEngine } from "@tidemark/core/sqlite-wasm"
import { arrived, departing } from "./crossing.ts"
import type {
  CallRequest,
  EngineRole,
  OutcomeRecord,
  WorkerReply,
  WorkerRequest,
} from "./engine-calls.ts"

// Only the pool is used: the other storages would start workers of their own, which a bundle does not have.
const settings = globalThis as { sqlite3ApiConfig?: object }
settings.sqlite3ApiConfig = {
  disable: { vfs: { opfs: true, "opfs-wl": true, "opfs-vfs": true, kvvfs: true } },
}

/**
 * A pool that cannot be opened would delete its files: with a worker that is just ending in the
 * way, the user's unsent writes. What goes wrong is thrown, and need not be printed too.
 */
const POOL = { preserveOnInitFailure: true, verbosity: 0 }

const engines = new Map<EngineRole, Engine>()

addEventListener("message", ({ data }: MessageEvent<WorkerRequest>) => {
  answer(data).then(
    (value) => reply({ id: data.id, value: departing(value) }),
    (error) => reply({ id: data.id, error: recordOf(error) }),
  )
})

async function answer(request: WorkerRequest): Promise<unknown> {
  if ("start" in request) return start(request.start.directory)
  const engine = engines.get(request.engine)
  if (engine === undefined) throw new StoreError("closed", "The worker's databases are not open")
  return callOf(engine, request)
}

/** Calls an engine. Its listener stays on the other side: what it tells is sent there. */
function callOf(engine: Engine, { call, engine: role, ...request }: CallRequest): unknown {
  const parameters = request.parameters.map(arrived)
  if (call === "open") {
    const listener: EngineListener = {
      advance: (advance: Advance) => reply({ engine: role, advance: departing(advance) }),
      durable() {}, // SQLite on OPFS makes each commit durable before it tells of it.
      pending() {},
      connection() {},
      health() {},
      report: reportError,
    }
    return engine.open(listener, plainContext)
  }
  if (call === "commit") return commit(engine, parameters[0] as Parameters<Engine["commit"]>[0])
  const method = engine[call] as (...parameters: readonly unknown[]) => unknown
  return method.apply(engine, [...parameters])
}

/** Commits; an error among the outcomes travels as a record, because a clone of it would lose its class. */
async function commit(
  engine: Engine,
  batches: Parameters<Engine["commit"]>[0],
): Promise<OutcomeRecord[]> {
  const outcomes = await engine.commit(batches)
  return outcomes.map((outcome) =>
    outcome.applied ? outcome : { applied: false, error: outcome.error.toJSON() },
  )
}

async function start(directory: string): Promise<void> {
  const sqlite = await initSqlite()
  const pool = await sqlite
    .installOpfsSAHPoolVfs({ directory, name: directory, ...POOL })
    .catch((cause: unknown) => {
      throw new StoreError(
        "storage_unavailable",
        "The browser's private file system could not be opened",
        {
          details: { directory, reason: String(cause) },
          hint: "Another tab of this app may hold it, or the browser is in a private mode",
          cause,
        },
      )
    })
  for (const role of ["base", "outbox"] as const) {
    const connect = () => new pool.OpfsSAHPoolDb(`/${role}.db`)
    // The base can be fetched again; a write of the user's cannot.
    const durability = role === "outbox" ? "full" : "process"
    engines.set(role, sqliteWasmEngine(connect, { storage: "opfs", durability }))
  }
}

function reply(message: WorkerReply): void {
  postMessage(message)
}

function recordOf(error: unknown) {
  const known = StoreError.is(error)
    ? error
    : new StoreError("storage_unavailable", String(error), { cause: error })
  return known.toJSON()
}
