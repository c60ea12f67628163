import { type Awaitable, isPromise } from "./awaitable.ts"
import { type Collected, collect } from "./collect.ts"
import type { Engine } from "./engine.ts"
import { type Entry, isExpired, isPresent, type Row } from "./entry.ts"
import type { StoreError } from "./errors.ts"
import { type LiveContext, LiveResult } from "./live.ts"
import { entryTest } from "./match.ts"
import { entryOrder } from "./order.ts"
import type { Packing } from "./packing.ts"
import type { Query } from "./query.ts"
import { Unreadable } from "./unreadable.ts"
import type { Shown, View } from "./view.ts"
import { Window } from "./window.ts"

/** At least so many entries are kept in reserve behind a limit, and at first as many as are shown. */
const RESERVE = 32

/** Who tells a live list what the keys of its kind show. */
export interface ListSource {
  readonly engine: Engine
  readonly view: View
  readonly packing: Packing
  /** Tells when an entry that is shown will end. */
  ends(time: number): void
  attachList(live: LiveList): void
  detachList(live: LiveList): void
}

/** The live result of a query: kept current by increments, unchanged entries keep their identity. */
export class LiveList extends LiveResult<readonly Entry[]> {
  readonly kind: string
  /** Equal for equal queries. */
  readonly id: string
  readonly #source: ListSource
  readonly #query: Query
  readonly #first: number
  readonly #end: number
  readonly #window: Window
  #result: readonly Entry[] = Object.freeze([])
  #stale = false
  /** What the list is shown without, by key: entries that cannot be read. */
  readonly #unreadable = new Map<string, StoreError>()
  /** When the first entry of the window ends, or an earlier time. */
  #nextEnd = Number.POSITIVE_INFINITY
  /** The keys of what has ended and was not deleted, as far as is known here, and when that was seen. */
  readonly #hidden = new Set<string>()
  #hiddenAt = 0
  /** Whether time has changed the result and the listeners were not told of it. */
  #owes = false
  /** What was shown while the list is being read, by the newest of its readings. */
  #meanwhile: Shown[] | undefined

  constructor(context: LiveContext, source: ListSource, kind: string, query: Query, id: string) {
    super(context)
    this.#source = source
    this.kind = kind
    this.id = id
    this.#query = query
    this.#first = query.offset ?? 0
    this.#end = this.#first + (query.limit ?? Number.POSITIVE_INFINITY)
    const order = entryOrder(query.orderBy, query.reverse)
    const matches = entryTest(query)
    const test = (row: Row) =>
      isPresent(row, source.view.now()) && !this.#leavesOut(row) && matches(row)
    const capacity = this.#end + Math.max(RESERVE, this.#end)
    this.#window = new Window(test, order, this.#end, capacity)
  }

  /** Takes over what some keys of the kind show now. Whether the result may be another one. */
  show(shown: readonly Shown[]): boolean {
    // Kept for when the reading has come; own writes are shown before.
    for (const one of shown) this.#meanwhile?.push(one)
    const couldBeRead = this.#unreadable.size === 0
    const isTouched = this.#take(shown)
    return (this.#meanwhile === undefined && this.#hasTurned(couldBeRead)) || isTouched
  }

  /** Looks at the clock. Whether the listeners are to be told. */
  look(): boolean {
    this.#keepTime()
    const owes = this.#owes
    this.#owes = false
    return owes
  }

  /** When to look at the clock: what has ended, and was not deleted, shows again if it goes back. */
  get nextEnd(): number {
    return this.#hidden.size > 0 ? Math.min(this.#nextEnd, Number.MAX_VALUE) : this.#nextEnd
  }

  protected override value(): readonly Entry[] {
    this.#keepTime()
    if (this.#stale) {
      this.#stale = false
      const now = this.#window.entries.slice(this.#first, this.#end)
      if (!sameItems(now, this.#result)) this.#result = Object.freeze(now)
    }
    return this.#result
  }

  protected override load(): Awaitable<void> {
    const { engine, view } = this.#source
    const source = {
      engine,
      now: () => view.now(),
      overlay: () => view.pendingRows(this.kind),
      row: (key: string) => view.fresh(this.kind, key),
      leavesOut: (row: Row) => this.#leavesOut(row),
    }
    this.#unreadable.clear()
    const collected = collect(source, this.kind, this.#query, this.#window.capacity)
    if (!isPromise(collected)) return this.#fill(collected)
    const meanwhile: Shown[] = []
    this.#meanwhile = meanwhile
    return collected.then(
      (late) => {
        // Another reading that began later knows more.
        if (meanwhile === this.#meanwhile) this.#fill(late)
      },
      (error) => {
        if (meanwhile === this.#meanwhile) this.#meanwhile = undefined
        throw error
      },
    )
  }

  protected override attach(): void {
    this.#source.attachList(this)
  }

  protected override detach(): void {
    this.#source.detachList(this)
  }

  #fill({ entries, whole }: Collected): void {
    this.#window.fill(
      entries.map((entry) => this.#source.packing.share(entry)),
      whole,
    )
    this.#hidden.clear()
    for (const entry of entries) this.#expectEnd(entry)
    this.#stale = true
    const meanwhile = this.#meanwhile
    this.#meanwhile = undefined
    if (meanwhile !== undefined && meanwhile.length > 0) this.#take(meanwhile)
    for (const error of this.#unreadable.values()) throw error
  }

  #take(shown: readonly Shown[]): boolean {
    for (const { key, row } of shown) {
      this.#unreadable.delete(key)
      this.#hidden.delete(key)
      if (row !== undefined) this.#expectEnd(row)
    }
    return this.#apply(shown.map((one) => this.#shared(one)))
  }

  /** What is shown, as it may be handed out. */
  #shared(one: Shown): Shown {
    const row = one.row && this.#source.packing.share(one.row)
    return row === one.row ? one : { ...one, row }
  }

  #apply(shown: readonly Shown[]): boolean {
    if (!this.#window.apply(shown)) return false
    this.#stale = true
    if (this.#window.short && this.#meanwhile === undefined) {
      this.#window.widen()
      this.reload()
    }
    return true
  }

  /** Goes on without an entry that cannot be read: the list shows the others, and says so. */
  #leavesOut({ key, value }: Row): boolean {
    if (!(value instanceof Unreadable)) return false
    this.#unreadable.set(key, value.error)
    return true
  }

  #hasTurned(couldBeRead: boolean): boolean {
    const [error] = this.#unreadable.values()
    if (couldBeRead === (error === undefined)) return false
    if (error === undefined) this.recover()
    else this.fail(error)
    return true
  }

  #expectEnd({ expiresAt = Number.POSITIVE_INFINITY }: Row): void {
    if (expiresAt >= this.#nextEnd) return
    this.#nextEnd = expiresAt
    this.#source.ends(expiresAt)
  }

  /** Takes out what has ended, and reads anew when the clock went back since something has. */
  #keepTime(): void {
    if (this.#nextEnd === Number.POSITIVE_INFINITY && this.#hidden.size === 0) return
    const now = this.#source.view.now()
    if (now >= this.#nextEnd) return this.#hideEnded(now)
    if (this.#hidden.size === 0 || now >= this.#hiddenAt || this.#meanwhile !== undefined) return
    this.#owes = true
    this.reload()
  }

  #hideEnded(now: number): void {
    this.#nextEnd = Number.POSITIVE_INFINITY
    const ended: Shown[] = []
    for (const row of this.#window.entries) {
      if (isExpired(row, now)) ended.push({ kind: row.kind, key: row.key, row })
      else this.#expectEnd(row)
    }
    if (!this.#apply(ended)) return
    for (const { key } of ended) this.#hidden.add(key)
    this.#hiddenAt = now
    this.#owes = true
  }
}

function sameItems(a: readonly Entry[], b: readonly Entry[]): boolean {
  return a.length === b.length && a.every((entry, index) => entry === b[index])
}
