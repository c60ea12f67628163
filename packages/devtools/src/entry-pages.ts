import type { Entry } from "@tidemark/core"
import { Cell, type Readable } from "./cell.ts"
import { type Failure, failureOf, isClosed } from "./failure.ts"
import type { Inspector } from "./inspector.ts"
import { Pace } from "./pace.ts"

/** How many entries are asked for at once. */
export const PAGE = 100

/** So many pages are kept while one scrolls; those furthest away leave. */
const KEPT_PAGES = 20

/** How far the entries are read. A new object each time something is another. */
export interface PagesState {
  /** How many entries there are; `undefined` until it is known. */
  readonly total: number | undefined
  readonly failure: Failure | undefined
}

/** The entries of a kind, in key order, of which only those on screen are read, and kept current. */
export class EntryPages implements Readable<PagesState> {
  readonly #inspector: Inspector
  readonly #kind: string
  readonly #prefix: string
  readonly #pages = new Map<number, readonly Entry[]>()
  readonly #state = new Cell<PagesState>({ total: undefined, failure: undefined })
  readonly #pace = new Pace(() => this.#refresh())
  #first = 0
  #last = 0
  #turn: Promise<void> = Promise.resolve()
  #loading = false
  #stopped = false

  constructor(inspector: Inspector, kind: string, prefix: string) {
    this.#inspector = inspector
    this.#kind = kind
    this.#prefix = prefix
  }

  get(): PagesState {
    return this.#state.get()
  }

  subscribe(listener: () => void): () => void {
    return this.#state.subscribe(listener)
  }

  /** The entry at an index, if it has been read. */
  at(index: number): Entry | undefined {
    return this.#pages.get(Math.floor(index / PAGE))?.[index % PAGE]
  }

  /** Where an entry stands, if it has been read. */
  indexOf(key: string): number | undefined {
    for (const [page, entries] of this.#pages) {
      const index = entries.findIndex((entry) => entry.key === key)
      if (index >= 0) return page * PAGE + index
    }
    return undefined
  }

  /** The entries between two indexes are on screen from now on. */
  show(first: number, last: number): void {
    this.#first = Math.floor(first / PAGE)
    this.#last = Math.floor(last / PAGE)
    if (!this.#complete && this.get().total !== undefined) void this.#loadMissing()
  }

  /** Reads, and reads again after changes, until the return value is called. */
  start(): () => void {
    const forget = this.#inspector.onChange((change) => {
      if (change === undefined || change.kind === this.#kind) this.#pace.ask()
    })
    this.#pace.ask()
    return () => {
      this.#stopped = true
      forget()
      this.#pace.stop()
    }
  }

  get #complete(): boolean {
    for (let page = this.#first; page <= this.#last; page++)
      if (!this.#pages.has(page)) return false
    return true
  }

  /** Reads what is on screen anew, and forgets the rest. */
  #refresh(): Promise<void> {
    return this.#inTurn(async () => {
      const [first, last] = [this.#first, this.#last]
      await this.#read(first, last)
      this.#forgetPages((page) => page < first || page > last)
      if (!this.#complete) void this.#loadMissing()
    })
  }

  /** Reads until all that is on screen is there: one may scroll on while it reads. */
  async #loadMissing(): Promise<void> {
    if (this.#loading) return
    this.#loading = true
    while (!this.#complete && !this.#stopped && this.get().failure === undefined) {
      await this.#inTurn(() => this.#read(this.#first, this.#last))
    }
    this.#loading = false
    const middle = (this.#first + this.#last) / 2
    const reach = KEPT_PAGES / 2 + this.#last - this.#first
    this.#forgetPages((page) => Math.abs(page - middle) > reach)
  }

  /** One reading at a time, so that an older answer never takes the place of a newer one. */
  #inTurn(read: () => Promise<void>): Promise<void> {
    this.#turn = this.#turn.then(read).catch((error) => {
      // That the store is closed is said elsewhere; what was read last stays.
      if (isClosed(error)) this.#stopped = true
      else if (!this.#stopped) this.#state.set({ ...this.get(), failure: failureOf(error) })
    })
    return this.#turn
  }

  async #read(first: number, last: number): Promise<void> {
    if (this.#stopped) return
    const { store } = this.#inspector
    const filter = this.#prefix === "" ? {} : { prefix: this.#prefix }
    const offset = first * PAGE
    const limit = (last - first + 1) * PAGE
    const entries = await store.list(this.#kind, { ...filter, offset, limit })
    const end = entries.length < limit && (entries.length > 0 || offset === 0)
    const total = end ? offset + entries.length : await store.count(this.#kind, filter)
    if (this.#stopped) return
    for (let page = first; page <= last; page++) {
      this.#pages.set(page, entries.slice((page - first) * PAGE, (page - first + 1) * PAGE))
    }
    this.#state.set({ total, failure: undefined })
  }

  #forgetPages(test: (page: number) => boolean): void {
    for (const page of [...this.#pages.keys()]) if (test(page)) this.#pages.delete(page)
  }
}
