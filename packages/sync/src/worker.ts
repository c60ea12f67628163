import { StoreError, systemClock } from "@tidemark/core"
import { type Advance, type Engine, type EngineListener, plainContext } from "@tidemark/core/engine"
import { sqliteWasmEngine, type WasmDatabase } from "@tidemark/core/sqlite-wasm"
import type { Numbered, Reply } from "./asks.ts"
import { arrived, departing } from "./crossing.ts"
import type {
  CallRequest,
  EngineNews,
  EngineRequest,
  EngineRole,
  OutcomeRecord,
  StartRequest,
} from "./engine-calls.ts"
import { type KeptOptions, type KeptRequest, type KeptStorage, KeptStore } from "./kept-store.ts"
import { showLife } from "./life-sign.ts"
import { hostOrigin } from "./origin.ts"
import { openPool, type Pool } from "./pool.ts"

const engines = new Map<EngineRole, Engine>()
/** Those that were not closed yet. */
const open = new Set<EngineRole>()
let pool: Pool | undefined
const kept = new KeptStore({
  origin: hostOrigin,
  clock: systemClock,
  openStorage,
  tell: (news) => postMessage(news),
})

addEventListener("message", ({ data }: MessageEvent<Numbered<EngineRequest | KeptRequest>>) => {
  answer(data).then(
    (value) => reply({ id: data.id, value: departing(value) }),
    (error) => reply({ id: data.id, error: recordOf(error) }),
  )
})

async function answer(request: EngineRequest | KeptRequest): Promise<unknown> {
  if ("kept" in request) return kept.answer(request)
  if ("start" in request) return start(request.start)
  const engine = engines.get(request.engine)
  if (engine === undefined) throw new StoreError("closed", "The worker's databases are not open")
  return callOf(engine, request)
}

/** Opens the storage of the store of all tabs. */
async function openStorage({ directory, durability, patience }: KeptOptions): Promise<KeptStorage> {
  const pool = await openPool(directory, patience)
  let database: WasmDatabase | undefined
  const connect = () => {
    database = pool.connect("/store.db")
    return database
  }
  return {
    engine: sqliteWasmEngine(connect, { storage: "opfs", durability }),
    isThere: () => pool.isThere(),
    bytes: () => pool.bytesOf(database as WasmDatabase),
  }
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
      report: (error) => reply({ engine: role, report: recordOf(error) }),
    }
    return engine.open(listener, plainContext)
  }
  if (call === "close") return close(role, engine)
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

/** Closes an engine. With the last one, the files are free before that is answered. */
async function close(role: EngineRole, engine: Engine): Promise<void> {
  await engine.close()
  open.delete(role)
  if (open.size === 0) pool?.release()
}

async function start({ directory, patience, life }: StartRequest["start"]): Promise<void> {
  await showLife(life).shown
  reply({ shows: true })
  const opened = await openPool(directory, patience)
  pool = opened
  for (const role of ["base", "outbox"] as const) {
    const connect = () => opened.connect(`/${role}.db`)
    // The base can be fetched again; a write of the user's cannot.
    const durability = role === "outbox" ? "full" : "process"
    open.add(role)
    engines.set(role, sqliteWasmEngine(connect, { storage: "opfs", durability }))
  }
}

function reply(message: Reply | EngineNews): void {
  postMessage(message)
}

function recordOf(error: unknown) {
  const known = StoreError.is(error)
    ? error
    : new StoreError("storage_unavailable", String(error), { cause: error })
  return known.toJSON()
}
