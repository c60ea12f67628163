import { type Awaitable, isPromise } from "./awaitable.ts"
import type { ScopeQuota, StampedBatch } from "./batch.ts"
import type {
  Advance,
  CheckReport,
  ConnectionState,
  Engine,
  EngineListener,
  Position,
  Quarantined,
  StorageFailure,
} from "./engine.ts"
import type { Entry } from "./entry.ts"
import { type ErrorRecord, StoreError } from "./errors.ts"
import type { Live } from "./live.ts"
import type { MigrationOptions, MigrationReport } from "./migration.ts"
import { checkQuery, type Query } from "./query.ts"
import type { RetentionOptions } from "./retention.ts"
import { ScopedStore } from "./scope.ts"
import { localKind } from "./scope-name.ts"
import { placeOf, type ScopeRoot } from "./scoped-parts.ts"
import type { StoreOptions } from "./store-options.ts"
import { type StoreParts, storeParts } from "./store-parts.ts"
import type { StoreStatus } from "./store-status.ts"
import { StoreWatcher } from "./watcher.ts"

/** How long a closing store waits for writes on their way to an authority, in milliseconds. */
const CLOSE_PATIENCE = 2_000

/** A store on an engine: what the engine tells goes to the parts, and what is asked to the engine. */
export class EngineStore extends StoreWatcher<StoreParts> implements EngineListener {
  readonly #scopeRoot: ScopeRoot
  #epoch = ""
  #closing: Promise<void> | undefined
  #isClosed = false

  constructor(engine: Engine, options: StoreOptions) {
    super(storeParts(engine, options))
    const { parts } = this
    this.#scopeRoot = {
      parts,
      facts: new WeakMap(),
      store: this,
      checkOpen: () => this.checkOpen(),
    }
  }

  // What the engine tells

  /** Opens the engine. */
  open(): Awaitable<void> {
    const position = this.parts.engine.open(this, this.parts.context)
    return isPromise(position) ? position.then((at) => this.#start(at)) : this.#start(position)
  }

  #start({ epoch, head, quarantined }: Position): void {
    const { view, feed, pruner, expiry, status } = this.parts
    this.#epoch = epoch
    if (quarantined !== undefined) {
      status.quarantined(quarantined)
      this.report(quarantineReport(quarantined))
    }
    view.start(head)
    feed.start(head)
    pruner.advanced()
    expiry.start()
  }

  advance(advance: Advance): void {
    const { view, lives, status, feed, pruner, expiry } = this.parts
    if (advance.epoch !== undefined) this.#epoch = advance.epoch
    view.advance(advance)
    if (advance.reset === "unknown") lives.reload()
    else if (advance.untold !== undefined) lives.reload(new Set(advance.untold))
    status.refresh()
    feed.advance(advance)
    pruner.advanced()
    expiry.advanced(advance)
  }

  durable(to: number): void {
    this.parts.feed.durable(to)
  }

  pending(batches: readonly StampedBatch[]): void {
    for (const batch of batches) this.parts.view.add(batch)
  }

  report(error: unknown): void {
    this.parts.report(error)
  }

  connection(state: ConnectionState, reason?: ErrorRecord): void {
    this.parts.status.connection(state, reason)
    if (state === "live") this.parts.lives.retry()
  }

  health(failure: StorageFailure | undefined): void {
    this.parts.status.health(failure)
  }

  // Where it is

  get epoch(): string {
    return this.#epoch
  }

  get position(): number {
    return this.parts.feed.position
  }

  get status(): Live<StoreStatus> {
    return this.parts.status
  }

  scope(namespace: string, quota: ScopeQuota = {}): ScopedStore {
    this.checkOpen()
    if (!this.parts.isAuthority()) throw noScopes(namespace)
    return new ScopedStore(this.#scopeRoot, placeOf(this.#scopeRoot, undefined, namespace, quota))
  }

  // Following

  live(kind: string, key: string): Live<unknown> {
    this.checkNames(kind, key)
    return this.parts.lives.key(kind, key)
  }

  liveEntry(kind: string, key: string): Live<Entry | undefined> {
    this.checkNames(kind, key)
    return this.parts.lives.entry(kind, key)
  }

  liveList(kind: string, query: Query = {}): Live<readonly Entry[]> {
    this.checkKind(kind)
    checkQuery(query)
    return this.parts.lives.list(kind, query)
  }

  // Keeping

  async purge(): Promise<number> {
    this.checkOpen()
    return this.parts.expiry.purge(() => true)
  }

  async prune(retention: RetentionOptions = {}): Promise<{ readonly removed: number }> {
    this.checkOpen()
    return { removed: await this.parts.pruner.prune(retention) }
  }

  override async migrate(options: MigrationOptions = {}): Promise<MigrationReport> {
    this.checkOpen()
    if (!this.parts.isAuthority() && options.dryRun !== true) {
      throw new StoreError("unsupported", "A replica does not migrate what it follows", {
        hint: "Migrate where the authority is, or look with dryRun",
      })
    }
    return super.migrate(options)
  }

  async check(): Promise<CheckReport> {
    this.checkOpen()
    return this.parts.engine.check()
  }

  async backup(path: string): Promise<void> {
    this.checkOpen()
    await this.parts.engine.backup(path)
  }

  // Ending

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    const { consumers, expiry, commits, pruner, feed, engine, lives, status } = this.parts
    // Until they have ended, what their handlers write is taken.
    if (consumers.size > 0) await consumers.close()
    this.#isClosed = true
    await expiry.close()
    const isLocal = this.parts.isAuthority()
    await (isLocal ? commits.settled() : this.#patiently(commits.settled()))
    await pruner.close()
    const told = feed.end()
    // A replica that has not heard of its authority yet would wait for ever.
    await (isLocal ? told : undefined)
    feed.close()
    await engine.close()
    lives.close()
    status.close()
  }

  /** Waits for something, but not for ever. */
  async #patiently(something: Promise<void>): Promise<void> {
    let giveUp = () => {}
    const patience = new Promise<void>((resolve) => {
      giveUp = this.parts.context.clock.after(CLOSE_PATIENCE, resolve)
    })
    await Promise.race([something, patience])
    giveUp()
  }

  /** A dump of the whole store has what scopes hold, by the names that it has here. */
  protected override checkLoaded(kind: string, key: string): void {
    this.checkNames(localKind(kind), key)
  }

  protected override checkOpen(): void {
    if (!this.#isClosed) return
    throw new StoreError("closed", "This store is closed", {
      hint: "Open it again with openStore()",
    })
  }
}

function noScopes(namespace: string): StoreError {
  return new StoreError("unsupported", `A replica has no scopes of its own, as ${namespace}`, {
    details: { namespace },
    hint: "Let its authority serve one: serve(store.scope(…), …)",
  })
}

function quarantineReport({ path, error }: Quarantined): StoreError {
  return new StoreError(
    "corrupt",
    `A damaged database was moved to ${path}; the store began empty`,
    {
      details: { path },
      hint: "Restore a backup, or save from that file what can be read",
      cause: error,
    },
  )
}
