import type { Awaitable } from "./awaitable.ts"
import type { Change } from "./change.ts"
import { type Collected, collect, countMatches, type Source } from "./collect.ts"
import type { Commits } from "./commits.ts"
import type { Engine } from "./engine.ts"
import { type Entry, entryOf, isPresent, type Row } from "./entry.ts"
import type { Feed } from "./feed.ts"
import type { KindRules } from "./kinds.ts"
import { isReserved } from "./names.ts"
import { compareText } from "./order.ts"
import { checkQuery, type Query } from "./query.ts"
import type { StoreSnapshot } from "./store.ts"
import type { View } from "./view.ts"

/** What a store is made of. */
export interface StoreParts {
  readonly engine: Engine
  readonly view: View
  readonly feed: Feed
  readonly rules: KindRules
  readonly commits: Commits
}

/** The reading half of a store: the view of pending writes over the engine. */
export abstract class StoreReader {
  protected readonly parts: StoreParts

  constructor(parts: StoreParts) {
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
    const first = query.offset ?? 0
    const end = first + (query.limit ?? Number.POSITIVE_INFINITY)
    const { entries } = await this.#collect(kind, query, end)
    return entries.slice(first, end)
  }

  async keys(kind: string, query: Query = {}): Promise<readonly string[]> {
    return (await this.list(kind, query)).map((entry) => entry.key)
  }

  async count(kind: string, query: Query = {}): Promise<number> {
    this.checkKind(kind)
    checkQuery(query)
    return countMatches(this.#source(kind), kind, query)
  }

  async kinds(prefix = ""): Promise<readonly string[]> {
    this.checkOpen()
    const stored = new Set(await this.parts.engine.kinds({ now: this.parts.view.now() }))
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
    const { seq, rows } = await this.parts.feed.durably(() => this.parts.engine.snapshot(kinds))
    const now = this.parts.view.now()
    const isAsked = (row: Row) => kinds !== undefined || !isReserved(row.kind)
    return { seq, entries: rows.filter((row) => isPresent(row, now) && isAsked(row)) }
  }

  async history(
    kind: string,
    key: string,
    options: { readonly limit?: number } = {},
  ): Promise<readonly Change[]> {
    this.checkNames(kind, key)
    return this.parts.engine.history(kind, key, options.limit ?? 100)
  }

  async changes(options: {
    readonly after: number
    readonly limit?: number
  }): Promise<readonly Change[]> {
    this.checkOpen()
    return this.parts.feed.after(options.after, options.limit ?? 1_000)
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

  /** The entry of a row, unless it has ended. */
  protected entryOf(row: Row | undefined): Entry | undefined {
    return entryOf(row, this.parts.view.now())
  }

  #source(kind: string): Source {
    const { engine, view } = this.parts
    return { engine, now: () => view.now(), overlay: () => view.pendingRows(kind) }
  }

  #collect(kind: string, query: Query, capacity: number): Awaitable<Collected> {
    this.checkKind(kind)
    checkQuery(query)
    return collect(this.#source(kind), kind, query, capacity)
  }
}
