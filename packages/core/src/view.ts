// Over 250 lines: the base, what is pending and what is shown move in one step.
import { type Awaitable, isPromise } from "./awaitable.ts"
import type { StampedBatch } from "./batch.ts"
import { rowAfter } from "./change.ts"
import { decide } from "./decide.ts"
import type { Advance, EngineContext, EngineReads } from "./engine.ts"
import type { Row } from "./entry.ts"
import { equalValues } from "./equal.ts"
import { KeyedMap } from "./keyed-map.ts"
import { madeBy } from "./maker.ts"
import type { Packing } from "./packing.ts"
import { RowCache } from "./row-cache.ts"
import { RowLoads } from "./row-loads.ts"

/** What a key shows from now on. */
export interface Shown {
  readonly kind: string
  readonly key: string
  readonly row: Row | undefined
}

/** What readers of a view use. */
export type ViewReads = Pick<
  View,
  "head" | "now" | "fresh" | "known" | "sight" | "pendingRows" | "pendingKinds"
>

/** Who draws what is shown. */
export interface Screen {
  /** Whether somebody follows what a key shows. */
  watches(kind: string, key: string): boolean
  /** Hears of every watched key whose shown row may have changed, after the change. */
  show(shown: readonly Shown[]): void
  /** What an entry of a kind shows could not be read: nobody knows whether what is on the screen is right. */
  lost(kind: string): void
  /** Another number of batches is on its way. */
  pendingChanged(): void
}

/**
 * What this store shows: the base (what the engine has) with the pending batches replayed on
 * top. A tick of group commit, a round trip to a server and a week offline differ only in how
 * long a batch stays pending. The idea is Replicache's rebase.
 *
 * A batch is laid over the base when somebody looks: most writes are committed before anybody
 * does, and then nothing had to be read for them.
 */
export class View {
  readonly #context: EngineContext
  readonly #packing: Packing
  readonly #cache = new RowCache()
  readonly #screen: Screen
  readonly #pending = new Map<number, StampedBatch>()
  readonly #loads: RowLoads
  #overlay = new KeyedMap<Row>()
  /** The newest pending batches, which are not in the overlay yet. None of them touches a watched key. */
  #unlaid: StampedBatch[] = []
  /** The pending batches that the base as it is would refuse: what rests on them is not shown either. */
  readonly #inapplicable = new Set<number>()
  #head = 0

  /** `engine` gives values as they are read; what is added and what the base moves by has them packed. */
  constructor(engine: EngineReads, packing: Packing, context: EngineContext, screen: Screen) {
    this.#packing = packing
    this.#context = context
    this.#screen = screen
    this.#loads = new RowLoads(engine, (row) => this.#cache.keep(row))
  }

  /** How many batches are on their way. */
  get pending(): number {
    return this.#pending.size
  }

  /** The position of the base. */
  get head(): number {
    return this.#head
  }

  /** Where the engine stood when it opened. */
  start(head: number): void {
    this.#head = head
  }

  /** The time by which entries end. */
  now(): number {
    return this.#context.clock.now()
  }

  /** What a key shows; from memory when it is there. */
  row(kind: string, key: string): Awaitable<Row | undefined> {
    return this.#overlaid.get(kind, key) ?? this.#cache.get(kind, key) ?? this.#load(kind, key)
  }

  /** What a key shows by the engine's word, not by the cache's. */
  fresh(kind: string, key: string): Awaitable<Row | undefined> {
    return this.#overlaid.get(kind, key) ?? this.#load(kind, key)
  }

  /**
   * What a key shows, as far as it is known without waiting. What is not known is fetched for
   * next time. Never throws: who only peeks sees nothing of a failure, who waits hears of it.
   */
  known(kind: string, key: string): Row | undefined {
    return this.sight(kind, key)?.row
  }

  /** What a key shows, where that is known without waiting; `undefined` where it is not. */
  sight(kind: string, key: string): { readonly row: Row | undefined } | undefined {
    const row = this.#attempt(kind, key)
    if (!isPromise(row)) return { row }
    row.catch(() => {})
    return undefined
  }

  /** The rows of a kind that pending batches have touched. */
  pendingRows(kind: string): ReadonlyMap<string, Row> {
    return this.#overlaid.ofKind(kind)
  }

  /** The kinds that pending batches have touched. */
  pendingKinds(): IterableIterator<string> {
    return this.#overlaid.kinds()
  }

  /** Shows a batch that is on its way from now on. */
  add(batch: StampedBatch): void {
    this.#pending.set(batch.id, batch)
    if (batch.ops.some(({ kind, key }) => this.#screen.watches(kind, key))) {
      this.#layAll()
      this.#screen.show(this.#replay(batch))
    } else {
      this.#unlaid.push(batch)
    }
    this.#screen.pendingChanged()
  }

  /** Takes back batches that will not be applied. */
  drop(ids: readonly number[]): void {
    this.#rebase(ids, new KeyedMap())
    this.#screen.pendingChanged()
  }

  /** Moves the base, lets go of what it settles, and replays the rest, in one step. */
  advance({ to, changes, settled, reset }: Advance): void {
    this.#head = to
    if (reset) this.#forget()
    const moved = new KeyedMap<Row>()
    for (const change of changes) {
      const { kind, key } = change
      const isWatched = this.#screen.watches(kind, key)
      // What nobody looks at is not unpacked.
      if (!isWatched && settled.length === 0 && !this.#isRead(kind, key)) continue
      const unpacked = this.#packing.unpacked(change)
      const row = confirmed(rowAfter(unpacked), this.#overlay.get(kind, key))
      this.#loads.told(row)
      if (isWatched) moved.set(kind, key, row)
      // Own writes are remembered: on a slow engine they are the rows that the next write will meet.
      if (settled.length > 0) this.#cache.keep(row)
      else this.#cache.refresh(row)
    }
    this.#rebase(settled, moved)
  }

  /** Whether the base's row of a key is in memory, or on its way there. */
  #isRead(kind: string, key: string): boolean {
    return this.#cache.has(kind, key) || this.#loads.has(kind, key)
  }

  /** The overlay of all pending batches. */
  get #overlaid(): KeyedMap<Row> {
    this.#layAll()
    return this.#overlay
  }

  #layAll(): void {
    const unlaid = this.#unlaid
    if (unlaid.length === 0) return
    this.#unlaid = []
    for (const batch of unlaid) this.#replay(batch)
  }

  #rebase(settled: readonly number[], moved: KeyedMap<Row>): void {
    const noneLaid = this.#unlaid.length === this.#pending.size
    for (const id of settled) {
      this.#pending.delete(id)
      this.#inapplicable.delete(id)
    }
    const rest = [...this.#pending.values()]
    this.#unlaid = noneLaid ? rest : []
    if (noneLaid && moved.size === 0) return
    const before = this.#overlay
    this.#overlay = new KeyedMap()
    if (!noneLaid) for (const batch of rest) this.#replay(batch, before)
    const touched = new KeyedMap<Row>()
    for (const rows of [moved, before, this.#overlay]) {
      for (const row of rows.values()) {
        if (this.#screen.watches(row.kind, row.key)) touched.set(row.kind, row.key, row)
      }
    }
    this.#tell(touched, moved)
  }

  /** Tells what keys show now. Those that fall back on a base which is not at hand follow later. */
  #tell(touched: KeyedMap<Row>, moved: KeyedMap<Row>): void {
    const now: Shown[] = []
    for (const { kind, key } of touched.values()) {
      const row = this.#overlay.get(kind, key) ?? moved.get(kind, key) ?? this.#attempt(kind, key)
      if (!isPromise(row)) now.push({ kind, key, row })
      else
        row.then(
          // The base may have moved since it was found: what came with that is remembered.
          (loaded) => {
            const row = this.#overlaid.get(kind, key) ?? this.#cache.get(kind, key) ?? loaded
            this.#screen.show([{ kind, key, row }])
          },
          () => this.#screen.lost(kind),
        )
    }
    if (now.length > 0) this.#screen.show(now)
  }

  /** Lays a batch over what is shown. A row that looks as it did `before` stays the same object. */
  #replay(batch: StampedBatch, before?: KeyedMap<Row>): Shown[] {
    const ops = this.#packing.allUnpacked(batch.ops)
    const unpacked = ops === batch.ops ? batch : { ...batch, ops }
    let isKnown = true
    const decision = decide(unpacked, {
      head: this.#head,
      row: (kind, key) => {
        const sight = this.sight(kind, key)
        isKnown &&= sight !== undefined
        return sight?.row
      },
      changedSince: () => false,
      equal: this.#packing.equal,
      merge: (entry, over, mine, theirs) =>
        this.#packing.unpack(entry, this.#context.merge(entry, over, mine, theirs)),
      // The engine alone knows these, and decides by them.
      usage: () => undefined,
      refuses: ({ after = [] }) => after.some((id) => this.#inapplicable.has(id)),
      receipt: () => undefined,
    })
    if (!decision.applies) {
      if (isKnown) this.#inapplicable.add(batch.id)
      return []
    }
    this.#inapplicable.delete(batch.id)
    return decision.changes.map((change, index) => {
      const { kind, key } = change
      // A pending row keeps the seq of the base: its own is not known before the commit.
      const seq = (this.#overlay.get(kind, key) ?? decision.met[index])?.seq ?? 0
      const replayed: Row = { ...rowAfter(change), seq, pending: true }
      const held = before?.get(kind, key)
      const row = held !== undefined && looksLike(held, replayed) ? held : replayed
      this.#overlay.set(kind, key, madeBy(row, batch.id))
      return { kind, key, row }
    })
  }

  /** As `row`, but never throws: a write that is decided must not fail because of who looks at it. */
  #attempt(kind: string, key: string): Awaitable<Row | undefined> {
    try {
      return this.row(kind, key)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  #load(kind: string, key: string): Awaitable<Row | undefined> {
    const row = this.#loads.load(kind, key)
    const shown = (base: Row | undefined) => this.#overlaid.get(kind, key) ?? base
    return isPromise(row) ? row.then(shown) : shown(row)
  }

  /** What was read, or is being read, is of another sequence. */
  #forget(): void {
    this.#cache.clear()
    this.#loads.restart()
  }
}

/** A row of the base with the very value that was shown as pending, so that nothing renders twice. */
function confirmed(row: Row, pending: Row | undefined): Row {
  if (pending === undefined || pending.deleted || row.deleted) return row
  if (row.value === pending.value || !equalValues(row.value, pending.value)) return row
  return { ...row, value: pending.value }
}

function looksLike(a: Row, b: Row): boolean {
  return (
    a.value === b.value &&
    a.version === b.version &&
    a.seq === b.seq &&
    a.deleted === b.deleted &&
    a.expiresAt === b.expiresAt
  )
}
