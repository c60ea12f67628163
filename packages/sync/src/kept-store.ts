import {
  type Clock,
  type ErrorRecord,
  type KindDefinition,
  type RetentionOptions,
  type Store,
  StoreError,
} from "@tidemark/core"
import { type Engine, openStoreOn } from "@tidemark/core/engine"
import { acceptBroadcast } from "./broadcast-channel.ts"
import { answerExports } from "./database-export.ts"
import { showLife } from "./life-sign.ts"
import { messagePortEnd } from "./message-port.ts"
import type { Origin } from "./origin.ts"
import type { StorageReason } from "./pool.ts"
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

/** The storage that a worker has opened, for plain JSON: the tabs know what they declare, and check it. */
export interface KeptStorage {
  readonly engine: Engine
  /** Whether the files are still there. */
  isThere(): Promise<boolean>
  /** The content of the database. */
  bytes(): Uint8Array<ArrayBuffer>
}

/** What a worker keeps a store with. */
export interface KeptHost {
  readonly origin: Origin
  readonly clock: Clock
  /** Opens the storage, which nobody else may have. @throws StoreError `storage_unavailable`, `corrupt`. */
  openStorage(options: KeptOptions): Promise<KeptStorage>
  tell(news: KeptNews): void
}

/** The store of all tabs, in the worker of one: does what its tab asks. */
export class KeptStore {
  readonly #host: KeptHost
  readonly #stops = new Set<() => void>()
  #store: Store | undefined

  constructor(host: KeptHost) {
    this.#host = host
  }

  async answer(request: KeptRequest): Promise<unknown> {
    if (request.kept === "open") return this.#open(request.options)
    if (this.#store === undefined) throw new StoreError("closed", "The worker has no store open")
    if (request.kept === "join") return this.#serve(this.#store, messagePortEnd(request.port))
    for (const stop of [...this.#stops]) stop()
    return this.#store.close()
  }

  async #open(options: KeptOptions): Promise<KeptFacts> {
    const { origin, clock, openStorage, tell } = this.#host
    await showLife(options.life, origin).shown
    tell({ shows: true })
    const { engine, isThere, bytes } = await openStorage(options)
    const { retention, kinds } = options
    const onError = this.#report
    const store = (await openStoreOn(engine, { retention, kinds, clock, onError })) as Store
    this.#store = store
    store.status.subscribe(() => {
      const { failure } = store.status.get()
      if (failure !== undefined) tell({ failing: withReason(failure.error) })
    })
    const serveTo = (end: ServerEnd) => this.#serve(store, end)
    this.#stops.add(acceptBroadcast(options.name, serveTo, origin))
    this.#stops.add(answerExports(options.name, bytes, origin))
    this.#look(isThere)
    return { epoch: store.epoch }
  }

  /** Serves the store to one more. */
  #serve(store: Store, end: ServerEnd): void {
    const stop = serve(store, end, {
      authorization: { principal: "tab" },
      clock: this.#host.clock,
      onError: this.#report,
      onEnd: () => this.#stops.delete(stop),
    })
    this.#stops.add(stop)
  }

  /** Looks again and again whether the files are still there. */
  #look(isThere: KeptStorage["isThere"]): void {
    const { clock, tell } = this.#host
    let cancel: () => void = () => {}
    const wait = () => {
      cancel = clock.after(LOOK_EVERY, look)
    }
    const look = () => {
      isThere().then((is) => is || tell({ gone: true }), this.#report)
      wait()
    }
    wait()
    this.#stops.add(() => cancel())
  }

  readonly #report = (error: unknown): void => {
    const known = StoreError.is(error)
      ? error
      : new StoreError("storage_unavailable", String(error), { cause: error })
    this.#host.tell({ report: known.toJSON() })
  }
}

/** Why it fails is found out when it is opened again. */
function withReason(error: ErrorRecord): ErrorRecord {
  return { ...error, details: { ...error.details, reason: "failed" satisfies StorageReason } }
}
