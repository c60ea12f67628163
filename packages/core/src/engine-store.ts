import { type Awaitable, isPromise, run, type Steps, wait } from "./awaitable.ts"
import type {
  Batch,
  BatchResult,
  DeleteResult,
  Expectation,
  Op,
  SetResult,
  StampedBatch,
} from "./batch.ts"
import type { Change } from "./change.ts"
import { systemClock } from "./clock.ts"
import { type Collected, collect, countMatches } from "./collect.ts"
import { Commits } from "./commits.ts"
import type { Advance, ConnectionState, Engine, EngineListener, Position } from "./engine.ts"
import { type Entry, entryOf } from "./entry.ts"
import { StoreError } from "./errors.ts"
import { Feed } from "./feed.ts"
import { host } from "./host.ts"
import { KindRules } from "./kinds.ts"
import type { Live } from "./live.ts"
import { Lives } from "./lives.ts"
import { isReserved } from "./names.ts"
import { compareText } from "./order.ts"
import { checkQuery, type Query } from "./query.ts"
import { LiveStoreStatus } from "./status.ts"
import type {
  EntryWriteOptions,
  StoreOptions,
  StoreSnapshot,
  StoreStatus,
  WriteOptions,
} from "./store.ts"
import type { Target } from "./target.ts"
import { missing, StagedTransaction } from "./transaction.ts"
import { View } from "./view.ts"
import { createWatch, type Watch, type WatchOptions } from "./watch.ts"

/** How often a read-modify-write runs again when others are faster. */
const ATTEMPTS = 20

/** How long a closing store waits for writes on their way to an authority, in milliseconds. */
const CLOSE_PATIENCE = 2_000

/**
 * The store: composes an engine with the view of pending writes, the commits, the feed of
 * changes and the live results. Over 250 lines because it is the one list of all operations,
 * each a few lines on a mechanism that has its own file.
 */
export class EngineStore implements EngineListener {
  readonly #engine: Engine
  readonly #view: View
  readonly #commits: Commits
  readonly #feed: Feed
  readonly #lives: Lives
  readonly #status: LiveStoreStatus
  readonly #rules: KindRules
  readonly #report: (error: unknown) => void
  readonly #clock
  #epoch = ""
  #closing: Promise<void> | undefined

  constructor(engine: Engine, options: StoreOptions) {
    this.#engine = engine
    this.#clock = options.clock ?? systemClock
    this.#report = options.onError ?? reportToConsole
    const context = { clock: this.#clock, report: this.#report }
    this.#view = new View(engine, (shown) => {
      this.#lives.show(shown)
      this.#status.refresh()
    })
    this.#lives = new Lives(engine, this.#view, context)
    this.#status = new LiveStoreStatus(context, engine, this.#view)
    this.#commits = new Commits(engine, this.#view, this.#clock)
    this.#feed = new Feed(engine)
    this.#rules = new KindRules(options.kinds ?? {}, options.strict ?? false)
  }

  // What the engine tells

  start(position: Position): void {
    this.#epoch = position.epoch
    this.#view.start(position.head)
    this.#feed.start(position.head)
  }

  advance(advance: Advance): void {
    if (advance.epoch !== undefined) this.#epoch = advance.epoch
    this.#view.advance(advance)
    this.#status.refresh()
    this.#feed.advance(advance)
  }

  pending(batches: readonly StampedBatch[]): void {
    for (const batch of batches) this.#view.add(batch)
  }

  report(error: unknown): void {
    this.#report(error)
  }

  connection(state: ConnectionState): void {
    this.#status.connection(state)
  }

  // Reading

  get epoch(): string {
    return this.#epoch
  }

  get position(): number {
    return this.#feed.position
  }

  get status(): Live<StoreStatus> {
    return this.#status
  }

  peek(kind: string, key: string): unknown {
    this.#checkNames(kind, key)
    return entryOf(this.#view.known(kind, key))?.value
  }

  async get(kind: string, key: string): Promise<unknown> {
    return (await this.entry(kind, key))?.value
  }

  async entry(kind: string, key: string): Promise<Entry | undefined> {
    this.#checkNames(kind, key)
    return entryOf(await this.#view.fresh(kind, key))
  }

  async list(kind: string, query: Query = {}): Promise<readonly Entry[]> {
    const first = query.offset ?? 0
    const end = first + (query.limit ?? Number.POSITIVE_INFINITY)
    const { entries } = await this.#collect(kind, query, end)
    return entries.slice(first, end)
  }

  async keys(kind: string, query: Query = {}): Promise<readonly string[]> {
    return (await this.list(kind, query)).map((entry) => entry.key)
  }

  async count(kind: string, query: Query = {}): Promise<number> {
    this.#checkKind(kind)
    checkQuery(query)
    return countMatches(this.#engine, kind, query, () => this.#view.pendingRows(kind))
  }

  async kinds(prefix = ""): Promise<readonly string[]> {
    this.#checkOpen()
    const stored = new Set(await this.#engine.kinds())
    for (const kind of this.#view.pendingKinds()) {
      if ((await this.count(kind)) > 0) stored.add(kind)
      else stored.delete(kind)
    }
    return [...stored]
      .filter((kind) => kind.startsWith(prefix) && !isReserved(kind))
      .sort(compareText)
  }

  async snapshot(kinds?: readonly string[]): Promise<StoreSnapshot> {
    for (const kind of kinds ?? []) this.#checkKind(kind)
    this.#checkOpen()
    const { seq, rows } = await this.#engine.snapshot(kinds)
    return {
      seq,
      entries: kinds === undefined ? rows.filter((row) => !isReserved(row.kind)) : rows,
    }
  }

  async history(
    kind: string,
    key: string,
    options: { readonly limit?: number } = {},
  ): Promise<readonly Change[]> {
    this.#checkNames(kind, key)
    return this.#engine.history(kind, key, options.limit ?? 100)
  }

  async changes(options: {
    readonly after: number
    readonly limit?: number
  }): Promise<readonly Change[]> {
    this.#checkOpen()
    return this.#feed.after(options.after, options.limit ?? 1_000)
  }

  // Writing

  async set(
    kind: string,
    key: string,
    value: unknown,
    options: EntryWriteOptions = {},
  ): Promise<SetResult> {
    this.#checkNames(kind, key)
    const json = this.#rules.value(kind, key, value)
    const op: Op = { type: "set", kind, key, value: isPromise(json) ? await json : json }
    return (await this.#submitOne(op, options)) as SetResult
  }

  async setMany(
    kind: string,
    entries: Readonly<Record<string, unknown>> | Iterable<readonly [string, unknown]>,
    options: WriteOptions = {},
  ): Promise<BatchResult> {
    this.#checkKind(kind)
    const pairs: (readonly [string, unknown])[] = isIterable(entries)
      ? [...entries]
      : Object.entries(entries)
    const ops: Awaitable<Op>[] = pairs.map(([key, value]) => {
      this.#checkNames(kind, key)
      const json = this.#rules.value(kind, key, value)
      const op = (checked: unknown): Op => ({ type: "set", kind, key, value: checked })
      return isPromise(json) ? json.then(op) : op(json)
    })
    const ready = ops.some(isPromise) ? await Promise.all(ops) : (ops as Op[])
    ready.sort((a, b) => compareText(a.key, b.key))
    return this.#submit({ ops: ready, ...originOf(options) }, options)
  }

  async delete(kind: string, key: string, options: EntryWriteOptions = {}): Promise<DeleteResult> {
    this.#checkNames(kind, key)
    return (await this.#submitOne({ type: "delete", kind, key }, options)) as DeleteResult
  }

  async update(
    kind: string,
    key: string,
    change: (value: never) => unknown,
    options: EntryWriteOptions = {},
  ): Promise<SetResult> {
    this.#checkNames(kind, key)
    return run(this.#updating(kind, key, change, options))
  }

  async transaction<T>(
    steps: (tx: StagedTransaction) => Awaitable<T>,
    options: WriteOptions = {},
  ): Promise<T> {
    for (let tried = 1; ; tried++) {
      this.#checkOpen()
      const tx = new StagedTransaction({
        engine: this.#engine,
        view: this.#view,
        rules: this.#rules,
      })
      let result: T
      try {
        result = await steps(tx)
      } finally {
        tx.end()
      }
      try {
        if (tx.ops.length > 0) {
          await this.#submit({ ops: tx.ops, expect: tx.expect, ...originOf(options) }, options)
        }
        return result
      } catch (error) {
        if (!mayRetry(error, tried)) throw error
      }
    }
  }

  async commit(batch: Batch, options: Pick<WriteOptions, "signal"> = {}): Promise<BatchResult> {
    const ops: Op[] = []
    for (const op of batch.ops) {
      this.#checkNames(op.kind, op.key)
      if (op.type === "delete") ops.push(op)
      else if (op.type === "set") {
        const json = this.#rules.value(op.kind, op.key, op.value)
        ops.push({ ...op, value: isPromise(json) ? await json : json })
      } else {
        throw new StoreError(
          "invalid_value",
          `There is no op ${String((op as { type: unknown }).type)}`,
          {
            hint: "An op is a set or a delete",
          },
        )
      }
    }
    for (const expectation of batch.expect ?? []) this.#checkKind(expectation.kind)
    return this.#submit({ ...batch, ops }, options)
  }

  // Following

  watch(target: Target, options: WatchOptions = {}): Watch {
    this.#checkOpen()
    const context = { engine: this.#engine, feed: this.#feed, report: this.#report }
    return createWatch(context, target, options)
  }

  live(kind: string, key: string): Live<unknown> {
    this.#checkNames(kind, key)
    return this.#lives.key(kind, key)
  }

  liveList(kind: string, query: Query = {}): Live<readonly Entry[]> {
    this.#checkKind(kind)
    checkQuery(query)
    return this.#lives.list(kind, query)
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
    const settled = this.#commits.settled()
    let giveUp = () => {}
    const patience = new Promise<void>((resolve) => {
      giveUp = this.#clock.after(CLOSE_PATIENCE, resolve)
    })
    await (this.#status.value().connection === "local"
      ? settled
      : Promise.race([settled, patience]))
    giveUp()
    this.#feed.end()
    await this.#engine.close()
    this.#lives.close()
    this.#status.close()
  }

  // Parts

  #submit(batch: Batch, options: Pick<WriteOptions, "signal">): Promise<BatchResult> {
    this.#checkOpen()
    return this.#commits.submit(batch, options.signal)
  }

  async #submitOne(op: Op, options: EntryWriteOptions): Promise<unknown> {
    const { ifVersion } = options
    const expect =
      ifVersion === undefined
        ? {}
        : { expect: [{ kind: op.kind, key: op.key, version: ifVersion }] }
    const { results } = await this.#submit({ ops: [op], ...expect, ...originOf(options) }, options)
    return results[0]
  }

  /** Steps, so that on an engine that answers at once the effect shows before this returns. */
  *#updating(
    kind: string,
    key: string,
    change: (value: never) => unknown,
    options: EntryWriteOptions,
  ): Steps<SetResult> {
    for (let tried = 1; ; tried++) {
      const entry = entryOf(yield* wait(this.#view.fresh(kind, key)))
      if (entry === undefined) throw missing(kind, key)
      const changed = yield* wait(change(entry.value as never))
      const value = yield* wait(this.#rules.value(kind, key, changed))
      const expect: Expectation[] = [{ kind, key, version: entry.version }]
      if (options.ifVersion !== undefined) expect.push({ kind, key, version: options.ifVersion })
      try {
        const batch = {
          ops: [{ type: "set" as const, kind, key, value }],
          expect,
          ...originOf(options),
        }
        const { results } = yield* wait(this.#submit(batch, options))
        return results[0] as SetResult
      } catch (error) {
        if (options.ifVersion !== undefined || !mayRetry(error, tried)) throw error
      }
    }
  }

  #collect(kind: string, query: Query, capacity: number): Awaitable<Collected> {
    this.#checkKind(kind)
    checkQuery(query)
    return collect(this.#engine, kind, query, capacity, () => this.#view.pendingRows(kind))
  }

  #checkKind(kind: string): void {
    this.#checkOpen()
    this.#rules.checkKind(kind)
  }

  #checkNames(kind: string, key: string): void {
    this.#checkOpen()
    this.#rules.checkNames(kind, key)
  }

  #checkOpen(): void {
    if (this.#closing === undefined) return
    throw new StoreError("closed", "This store is closed", {
      hint: "Open it again with openStore()",
    })
  }
}

function mayRetry(error: unknown, tried: number): boolean {
  return StoreError.is(error, "conflict") && tried < ATTEMPTS
}

function isIterable(value: object): value is Iterable<readonly [string, unknown]> {
  return Symbol.iterator in value
}

function originOf(options: WriteOptions): { readonly origin?: string } {
  return options.origin === undefined ? {} : { origin: options.origin }
}

function reportToConsole(error: unknown): void {
  host.console.error(error)
}
