import {
  type ErrorRecord,
  type KindDefinition,
  type RetentionOptions,
  type Store,
  StoreError,
} from "@tidemark/core"
import { openStoreOn } from "@tidemark/core/engine"
import { sqliteWasmEngine, type WasmDatabase } from "@tidemark/core/sqlite-wasm"
import { acceptBroadcast } from "./broadcast-channel.ts"
import { answerExports } from "./database-export.ts"
import { showLife } from "./life-sign.ts"
import { messagePortEnd } from "./message-port.ts"
import { openPool, type Pool, type StorageReason } from "./pool.ts"
import { type ServerEnd, serve } from "./serve.ts"

/** What a tab asks of the worker that keeps the store of all tabs. */
export type KeptRequest =
  | { readonly kept: "open"; readonly options: KeptOptions }
  /** A way to the store for the tab of this worker alone. */
  | { readonly kept: "join"; readonly port: MessagePort }
  | { readonly kept: "close" }

export interface KeptOptions {
  /** Under which the tabs reach it. */
  readonly name: string
  readonly directory: string
  /** The name of a lock that is held as long as this worker lives. */
  readonly life: string
  readonly durability: "full" | "process"
  readonly retention: RetentionOptions
  /** How much history each kind keeps, and what is found quickly in it, where it says so. */
  readonly kinds: Readonly<Record<string, Pick<KindDefinition, "history" | "indexes">>>
  /** How long somebody else may still hold the storage, in milliseconds. */
  readonly patience: number
}

/** What the worker says of a store that it has opened. */
export interface KeptFacts {
  readonly epoch: string
}

/** What the worker tells on its own. */
export type KeptNews =
  /** The worker can be seen to be alive, and not to be. */
  | { readonly shows: true }
  /** The storage takes no writes. */
  | { readonly failing: ErrorRecord }
  /** The files are not there any more. */
  | { readonly gone: true }
  | { readonly report: ErrorRecord }

/** How often to see whether the files are still there, in milliseconds. */
const LOOK_EVERY = 1_000

/** The store of this worker. */
interface Kept {
  readonly store: Store
  /** Serves it to one more. */
  serve(end: ServerEnd): void
  /** Serves it to nobody any more. */
  end(): void
}

let kept: Kept | undefined

/** Does what a tab asks. */
export async function answerKept(request: KeptRequest): Promise<unknown> {
  if (request.kept === "open") return open(request.options)
  if (kept === undefined) throw new StoreError("closed", "The worker has no store open")
  if (request.kept === "join") return kept.serve(messagePortEnd(request.port))
  kept.end()
  return kept.store.close()
}

async function open(options: KeptOptions): Promise<KeptFacts> {
  await showLife(options.life).shown
  tell({ shows: true })
  const pool = await openPool(options.directory, options.patience)
  const { store, database } = await openOn(pool, options)
  store.status.subscribe(() => {
    const { failure } = store.status.get()
    if (failure !== undefined) tell({ failing: withReason(failure.error) })
  })
  const stops = new Set<() => void>()
  const serveTo = (one: ServerEnd) => {
    const onEnd = () => stops.delete(stop)
    const authorization = { principal: "tab" }
    const stop = serve(store, one, { authorization, onError: report, onEnd })
    stops.add(stop)
  }
  const stopAccepting = acceptBroadcast(options.name, serveTo)
  const looking = setInterval(() => {
    pool.isThere().then((isThere) => isThere || tell({ gone: true }), report)
  }, LOOK_EVERY)
  const stopExports = answerExports(options.name, () => pool.bytesOf(database()))
  const end = () => {
    clearInterval(looking)
    stopExports()
    stopAccepting()
    for (const stop of [...stops]) stop()
  }
  kept = { store, serve: serveTo, end }
  return { epoch: store.epoch }
}

/** Opens a store whose kinds hold plain JSON: the tabs know what they declare, and check it. */
async function openOn(
  pool: Pool,
  { durability, retention, kinds }: KeptOptions,
): Promise<{ readonly store: Store; database(): WasmDatabase }> {
  let database: WasmDatabase | undefined
  const connect = () => {
    database = pool.connect("/store.db")
    return database
  }
  const engine = sqliteWasmEngine(connect, { storage: "opfs", durability })
  const store = await openStoreOn(engine, { retention, kinds, onError: report })
  return { store: store as unknown as Store, database: () => database as WasmDatabase }
}

/** Why it fails is found out when it is opened again. */
function withReason(error: ErrorRecord): ErrorRecord {
  return { ...error, details: { ...error.details, reason: "failed" satisfies StorageReason } }
}

function report(error: unknown): void {
  const known = StoreError.is(error)
    ? error
    : new StoreError("storage_unavailable", String(error), { cause: error })
  tell({ report: known.toJSON() })
}

function tell(news: KeptNews): void {
  postMessage(news)
}
