import { checkAmount } from "./amount.ts"
import { type Awaitable, isPromise } from "./awaitable.ts"
import type { Change } from "./change.ts"
import { type Collected, collect, countMatches } from "./collect.ts"
import { abortedBy } from "./commits.ts"
import type { EngineReads } from "./engine.ts"
import { type Entry, entryOf, isPresent, type Row } from "./entry.ts"
import type { FeedReads } from "./feed.ts"
import { pause } from "./host.ts"
import { UNSCOPED } from "./kind-range.ts"
import type { KindRules } from "./kinds.ts"
import { isReserved } from "./names.ts"
import { compareText } from "./order.ts"
import type { Fact } from "./packing.ts"
import type { Source } from "./page.ts"
import { checkQuery, type Query } from "./query.ts"
import type { ScanOptions, StoreSnapshot } from "./reading.ts"
import { scan } from "./scan.ts"
import type { ViewReads } from "./view.ts"

/** How many changes are looked at at once for those of some kinds. */
const PAGE = 1_000

/** What the reading half of a store is made of. */
export interface ReaderParts {
  readonly engine: EngineReads
  readonly view: ViewReads
  readonly feed: Pick<FeedReads, "after" | "position" | "durably">
  readonly rules: KindRules
}

/** The reading half of a store: the view of pending writes over the engine. */
export abstract class StoreReader<Parts extends ReaderParts = ReaderParts> {
  protected readonly parts: Parts

  constructor(parts: Parts) {
    this.parts = parts
  }

  peek(kind: string, key: string): unknown {
    this.checkNames(kind, key)
    return this.entryOf(this.parts.view.known(kind, key))?.value
  }

  async get(kind: string, key: string): Promise<unknown> {
    this.checkNames(kind, key)
    return this.entryOf(await this.parts.view.fresh(kind, key))?.value
  }

  async entry(kind: string, key: string): Promise<Entry | undefined> {
    this.checkNames(kind, key)
    return this.entryOf(await this.parts.view.fresh(kind, key))
  }

  async list(kind: string, query: Query = {}): Promise<readonly Entry[]> {
    this.checkKind(kind)
    checkQuery(query)
    return this.given(await this.find(kind, query))
  }

  async keys(kind: string, query: Query = {}): Promise<readonly string[]> {
    this.checkKind(kind)
    checkQuery(query)
    return (await this.find(kind, query)).map((entry) => entry.key)
  }

  scan(kind: string, query: Query = {}, options: ScanOptions = {}): AsyncIterable<Entry> {
    this.checkKind(kind)
    checkQuery(query)
    const goOn = () => {
      this.checkOpen()
      if (options.signal?.aborted) throw abortedBy(options.signal)
    }
    const { packing } = this.parts.rules
    return scan(this.#source(kind), kind, query, goOn, (entry) => packing.give(entry))
  }

  async count(kind: string, query: Query = {}): Promise<number> {
    this.checkKind(kind)
    checkQuery(query)
    return countMatches(this.#source(kind), kind, query)
  }

  async kinds(prefix = ""): Promise<readonly string[]> {
    this.checkOpen()
    const stored = new Set(
      await this.parts.engine.kinds({ now: this.parts.view.now(), of: UNSCOPED }),
    )
    for (const kind of this.parts.view.pendingKinds()) {
      if ((await this.count(kind)) > 0) stored.add(kind)
      else stored.delete(kind)
    }
    return [...stored]
      .filter((kind) => kind.startsWith(prefix) && !isReserved(kind))
      .sort(compareText)
  }

  async snapshot(kinds?: readonly string[]): Promise<StoreSnapshot> {
    for (const kind of kinds ?? []) this.checkKind(kind)
    this.checkOpen()
    const { engine, feed } = this.parts
    const { seq, rows } = await feed.durably(() => engine.snapshot(kinds ?? UNSCOPED))
    const now = this.parts.view.now()
    const isAsked = (row: Row) => kinds !== undefined || !isReserved(row.kind)
    const entries = rows.filter((row) => isPresent(row, now) && isAsked(row))
    return { seq, entries: this.given(entries) }
  }

  async history(
    kind: string,
    key: string,
    options: { readonly limit?: number } = {},
  ): Promise<readonly Change[]> {
    this.checkNames(kind, key)
    const { limit = 100 } = options
    checkAmount("limit", limit)
    return this.given(await this.parts.engine.history(kind, key, limit))
  }

  async changes({
    after,
    limit = 1_000,
    kinds,
  }: {
    readonly after: number
    readonly limit?: number
    readonly kinds?: readonly string[]
  }): Promise<readonly Change[]> {
    this.checkOpen()
    for (const kind of kinds ?? []) this.checkKind(kind)
    checkAmount("after", after)
    checkAmount("limit", limit)
    const { feed, rules } = this.parts
    const changes =
      kinds === undefined
        ? await feed.after(after, limit)
        : await changesOf(feed, new Set(kinds), after, limit)
    return this.given(rules.packing.allUnpacked(changes))
  }

  /** @throws StoreError `closed` */
  protected abstract checkOpen(): void

  protected checkKind(kind: string): void {
    this.checkOpen()
    this.parts.rules.checkKind(kind)
  }

  protected checkNames(kind: string, key: string): void {
    this.checkOpen()
    this.parts.rules.checkNames(kind, key)
  }

  /** The entry of a row, unless it has ended. @throws StoreError for one that cannot be read. */
  protected entryOf(row: Row | undefined): Entry | undefined {
    const entry = entryOf(row, this.parts.view.now())
    return entry && this.parts.rules.packing.give(entry)
  }

  /** Entries or changes as they leave the store. @throws StoreError for one that cannot be read. */
  protected given<F extends Fact>(facts: readonly F[]): readonly F[] {
    return this.parts.rules.packing.allGiven(facts)
  }

  /** What a checked query finds, at once where the engine answers at once. */
  protected find(kind: string, query: Query): Awaitable<readonly Entry[]> {
    const first = query.offset ?? 0
    const end = first + (query.limit ?? Number.POSITIVE_INFINITY)
    const collected = collect(this.#source(kind), kind, query, end)
    const part = ({ entries }: Collected) => entries.slice(first, end)
    return isPromise(collected) ? collected.then(part) : part(collected)
  }

  #source(kind: string): Source {
    const { engine, view } = this.parts
    return {
      engine,
      now: () => view.now(),
      overlay: () => view.pendingRows(kind),
      row: (key) => view.fresh(kind, key),
    }
  }
}

/** Reads page after page until so many changes of some kinds are found. */
async function changesOf(
  feed: Pick<FeedReads, "after" | "position">,
  kinds: ReadonlySet<string>,
  after: number,
  limit: number,
): Promise<readonly Change[]> {
  const found: Change[] = []
  for (let position = after; found.length < limit; ) {
    const page = await feed.after(position, PAGE)
    for (const change of page) if (kinds.has(change.kind)) found.push(change)
    if (page.length === 0) break
    position = (page.at(-1) as Change).seq
    await pause() // Others get their turn, however long the log is.
  }
  return found.slice(0, limit)
}
