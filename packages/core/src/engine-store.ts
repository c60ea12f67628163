import { type Awaitable, isPromise } from "./awaitable.ts"
import type { ScopeQuota, StampedBatch } from "./batch.ts"
import type { Change } from "./change.ts"
import { type Clock, systemClock } from "./clock.ts"
import { Commits } from "./commits.ts"
import type { ConsumeOptions, Consumer, Handler } from "./consume.ts"
import { consumersFloor } from "./consumer-record.ts"
import { Consumers } from "./consumers.ts"
import { declaredIndexes } from "./declared-index.ts"
import { dumpOf } from "./dump.ts"

import type {
  Advance,
  CheckReport,
  ConnectionState,
  Engine,
  EngineContext,
  EngineListener,
  Position,
  Quarantined,
  StorageFailure,
} from "./engine.ts"
import type { Entry } from "./entry.ts"
import { StoreError } from "./errors.ts"
import { Expiry } from "./expiry.ts"
import { Feed } from "./feed.ts"
import { reportToConsole } from "./host.ts"
import { KindRules } from "./kinds.ts"
import type { Live } from "./live.ts"
import { Lives } from "./lives.ts"
import { migrate } from "./migrate.ts"
import type { MigrationOptions, MigrationReport } from "./migration.ts"
import { PastReader } from "./past.ts"
import { Pruner } from "./pruner.ts"
import { checkQuery, type Query } from "./query.ts"
import { readonlyView } from "./readonly.ts"
import type { RetentionOptions } from "./retention.ts"
import { ScopedStore } from "./scope.ts"
import { localKind } from "./scope-name.ts"
import { placeOf, type ScopeRoot } from "./scoped-parts.ts"
import { LiveStoreStatus } from "./status.ts"
import type { Reader, Store, StoreOptions, StoreStatus, Watcher } from "./store.ts"
import { type StoredFacts, storedFactsOf } from "./stored.ts"
import type { Target } from "./target.ts"
import { UnpackingEngine } from "./unpacking.ts"
import { View } from "./view.ts"
import { createWatch, type Watch, type WatchOptions } from "./watch.ts"
import { StoreWriter, type WriterParts } from "./writer.ts"

/** How long a closing store waits for writes on their way to an authority, in milliseconds. */
const CLOSE_PATIENCE = 2_000

/**
 * The store: composes an engine with the view of pending writes, the commits, the feed of
 * changes and the live results. What can be read and written stands in its two halves. Over 250
 * lines, because everything meets here.
 */
export class EngineStore extends StoreWriter<StoreParts> implements EngineListener {
  readonly #lives: Lives
  readonly #status: LiveStoreStatus
  readonly #pruner: Pruner
  readonly #expiry: Expiry
  readonly #consumers: Consumers
  readonly #report: (error: unknown) => void
  readonly #clock: Clock
  readonly #context: EngineContext
  /** The engine below, with values as they are stored. */
  readonly #stored: Engine
  readonly stored: StoredFacts
  readonly #scopeRoot: ScopeRoot
  #epoch = ""
  #closing: Promise<void> | undefined
  #isClosed = false
  #readonly: (Reader & Watcher) | undefined

  constructor(stored: Engine, options: StoreOptions) {
    const {
      clock = systemClock,
      onError: report = reportToConsole,
      kinds = {},
      strict = false,
    } = options
    const rules = new KindRules(kinds, strict, options.codecs)
    const { packing } = rules
    const engine = new UnpackingEngine(stored, packing)
    const indexes = declaredIndexes(kinds)
    const context = { clock, equal: packing.equal, indexes, read: packing.readAs }
    const view = new View(engine, packing, context, {
      watches: (kind, key) => this.#lives.watches(kind, key),
      show: (shown) => this.#lives.show(shown),
      pendingChanged: () => this.#status.refresh(),
    })
    const commits = new Commits(engine, view, clock)
    super({ engine, view, commits, feed: new Feed(stored), rules })
    this.#lives = new Lives(engine, view, packing, { clock, report })
    this.#status = new LiveStoreStatus({ clock, report }, engine, view)
    this.#pruner = new Pruner({
      engine,
      kinds,
      clock,
      report,
      options: options.retention ?? {},
      head: () => view.head,
      floor: () => consumersFloor(engine, clock.now()),
    })
    this.#expiry = new Expiry({
      engine,
      commits,
      clock,
      report,
      isAuthority: () => this.#isAuthority,
    })
    this.#consumers = new Consumers({ clock, report })
    this.#report = report
    this.#clock = clock
    this.#context = context
    this.#stored = stored
    const now = () => clock.now()
    const checkOpen = () => this.checkOpen()
    const parts = { engine: stored, feed: this.parts.feed, packing, now, checkOpen, report }
    this.stored = storedFactsOf(parts)
    this.#scopeRoot = {
      parts: this.parts,
      stored,
      context,
      lives: this.#lives,
      consumers: this.#consumers,
      facts: new WeakMap(),
      store: this,
      checkOpen,
      purge: (counts) => this.#expiry.purge(counts),
      report,
    }
  }

  // What the engine tells

  /** Whether this store assigns the sequence. */
  get #isAuthority(): boolean {
    return this.#status.value().connection === "local"
  }

  /** Opens the engine. */
  open(): Awaitable<void> {
    const position = this.parts.engine.open(this, this.#context)
    return isPromise(position) ? position.then((at) => this.#start(at)) : this.#start(position)
  }

  #start(position: Position): void {
    this.#epoch = position.epoch
    if (position.quarantined !== undefined) {
      this.#status.quarantined(position.quarantined)
      this.#report(quarantineReport(position.quarantined))
    }
    this.parts.view.start(position.head)
    this.parts.feed.start(position.head)
    this.#pruner.advanced()
    this.#expiry.start()
  }

  advance(advance: Advance): void {
    if (advance.epoch !== undefined) this.#epoch = advance.epoch
    this.parts.view.advance(advance)
    if (advance.reset === "unknown") this.#lives.reload()
    this.#status.refresh()
    this.parts.feed.advance(advance)
    this.#pruner.advanced()
    this.#expiry.advanced(advance)
  }

  durable(to: number): void {
    this.parts.feed.durable(to)
  }

  pending(batches: readonly StampedBatch[]): void {
    for (const batch of batches) this.parts.view.add(batch)
  }

  report(error: unknown): void {
    this.#report(error)
  }

  connection(state: ConnectionState): void {
    this.#status.connection(state)
  }

  health(failure: StorageFailure | undefined): void {
    this.#status.health(failure)
  }

  // Where it is

  get epoch(): string {
    return this.#epoch
  }

  get position(): number {
    return this.parts.feed.position
  }

  get status(): Live<StoreStatus> {
    return this.#status
  }

  readonly(): Reader & Watcher {
    this.checkOpen()
    this.#readonly ??= readonlyView(this as unknown as Store)
    return this.#readonly
  }

  scope(namespace: string, quota: ScopeQuota = {}): ScopedStore {
    this.checkOpen()
    if (!this.#isAuthority) throw noScopes(namespace)
    return new ScopedStore(this.#scopeRoot, placeOf(this.#scopeRoot, undefined, namespace, quota))
  }

  at(seq: number): PastReader {
    this.checkOpen()
    const { engine, feed, rules } = this.parts
    const checkOpen = () => this.checkOpen()
    return new PastReader({ engine, feed, rules, context: this.#context, checkOpen }, seq)
  }

  // Following

  watch(target: Target, options: WatchOptions = {}): Watch {
    this.checkOpen()
    const { feed, rules } = this.parts
    const now = () => this.#clock.now()
    const give = (change: Change) => rules.packing.give(rules.packing.unpacked(change))
    const context = { engine: this.#stored, feed, now, give, report: this.#report }
    return createWatch(context, target, options)
  }

  live(kind: string, key: string): Live<unknown> {
    this.checkNames(kind, key)
    return this.#lives.key(kind, key)
  }

  liveList(kind: string, query: Query = {}): Live<readonly Entry[]> {
    this.checkKind(kind)
    checkQuery(query)
    return this.#lives.list(kind, query)
  }

  consume(name: string, target: Target, handler: Handler, options?: ConsumeOptions): Consumer {
    this.checkOpen()
    return this.#consumers.start(this as unknown as Store, name, target, handler, options)
  }

  // Keeping

  async purge(): Promise<number> {
    this.checkOpen()
    return this.#expiry.purge(() => true)
  }

  async prune(retention: RetentionOptions = {}): Promise<{ readonly removed: number }> {
    this.checkOpen()
    return { removed: await this.#pruner.prune(retention) }
  }

  async migrate(options: MigrationOptions = {}): Promise<MigrationReport> {
    for (const kind of options.kinds ?? []) this.checkKind(kind)
    this.checkOpen()
    if (!this.#isAuthority && options.dryRun !== true) {
      throw new StoreError("unsupported", "A replica does not migrate what it follows", {
        hint: "Migrate where the authority is, or look with dryRun",
      })
    }
    const { commits, rules } = this.parts
    return migrate(
      {
        engine: this.#stored,
        rules,
        now: () => this.#clock.now(),
        commit: (batch) => commits.submit(batch),
        checkOpen: () => this.checkOpen(),
      },
      options,
    )
  }

  async check(): Promise<CheckReport> {
    this.checkOpen()
    return this.parts.engine.check()
  }

  async *dump(options: { readonly kinds?: readonly string[] } = {}): AsyncGenerator<string> {
    for (const kind of options.kinds ?? []) this.checkKind(kind)
    this.checkOpen()
    const { feed, view } = this.parts
    const now = () => view.now()
    yield* dumpOf({ reads: this.#stored, feed, now, epoch: this.epoch }, options.kinds)
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

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    // Until they have ended, what their handlers write is taken.
    if (this.#consumers.size > 0) await this.#consumers.close()
    this.#isClosed = true
    await this.#expiry.close()
    const settled = this.parts.commits.settled()
    let giveUp = () => {}
    const patience = new Promise<void>((resolve) => {
      giveUp = this.#clock.after(CLOSE_PATIENCE, resolve)
    })
    const isLocal = this.#status.value().connection === "local"
    await (isLocal ? settled : Promise.race([settled, patience]))
    giveUp()
    await this.#pruner.close()
    const told = this.parts.feed.end()
    // A replica that has not heard of its authority yet would wait for ever.
    await (isLocal ? told : undefined)
    this.parts.feed.close()
    await this.parts.engine.close()
    this.#lives.close()
    this.#status.close()
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

/** What a store on an engine is made of. */
export interface StoreParts extends WriterParts {
  readonly engine: Engine
  readonly view: View
  readonly feed: Feed
  readonly commits: Commits
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
