import type { Entry, Live, LiveStatus, Query, Store } from "@tidemark/core"
import { pageSize } from "./first-page.ts"
import type { HydratedResult } from "./hydrated-result.ts"

/** What is shown of a list that grows page by page. */
export interface InfiniteKind<E> {
  readonly entries: readonly E[]
  /** Whether there are entries behind those that are shown. */
  readonly hasMore: boolean
  /** Whether entries are being read: the first ones, or more of them. */
  readonly isLoading: boolean
  readonly status: LiveStatus
  /** Why it cannot be read, or why more of it could not be; else `undefined`. */
  readonly error: unknown
  /** Shows one page more, if there is one. */
  loadMore(this: void): void
}

/**
 * The front of a live list, longer by a page each time it is asked for more. The one that is shown
 * stays until the longer one has been read. As one live result it has no seams: what comes or goes
 * between two pages moves what is behind it.
 */
export class GrowingList {
  readonly #store: Store
  readonly #kind: string
  readonly #query: Query
  readonly #size: number
  readonly #listeners = new Set<() => void>()
  /** What the server has rendered of the first page. */
  #hydrated: HydratedResult<readonly Entry[]> | undefined
  #pages = 1
  #shown: Live<readonly Entry[]>
  /** The longer one that is being read. */
  #next: Live<readonly Entry[]> | undefined
  #stopShown: () => void = () => {}
  #stopNext: () => void = () => {}
  /** Why the longer one could not be read. */
  #failure: unknown
  #told: InfiniteKind<Entry> | undefined
  /** The list that was told of, with the entry behind its end. */
  #whole: readonly Entry[] | undefined

  constructor(
    store: Store,
    kind: string,
    query: Query,
    hydrated: HydratedResult<readonly Entry[]> | undefined,
  ) {
    this.#store = store
    this.#kind = kind
    this.#query = query
    this.#size = pageSize(query)
    this.#hydrated = hydrated
    this.#shown = this.#open(1)
  }

  readonly get = (): InfiniteKind<Entry> => {
    const shown = this.#shown
    const whole = this.#hydrated?.current(shown, this.#store) ?? shown.get()
    const { status } = shown
    const isLoading = status === "loading" || this.#next !== undefined
    const end = this.#pages * this.#size
    const hasMore = whole.length > end
    const told = this.#told
    // The entry behind the end is read, but not shown: it may change as it likes.
    const isKept = told && (whole === this.#whole || isFront(told.entries, whole, end))
    this.#whole = whole
    const entries = isKept ? told.entries : whole.slice(0, end)
    const error = shown.error ?? this.#failure
    const isSame = isKept && told.hasMore === hasMore && told.isLoading === isLoading
    if (isSame && told.status === status && told.error === error) return told
    this.#told = { entries, hasMore, isLoading, status, error, loadMore: this.loadMore }
    return this.#told
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    if (this.#listeners.size === 0) this.#follow()
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#leave()
    }
  }

  readonly loadMore = (): void => {
    if (this.#next !== undefined || !this.get().hasMore) return
    this.#failure = undefined
    this.#next = this.#open(this.#pages + 1)
    this.#stopNext = this.#next.subscribe(() => this.#arrived())
    this.#arrived()
    this.#tell()
  }

  /** One more than is shown tells whether there are more. */
  #open(pages: number): Live<readonly Entry[]> {
    return this.#store.liveList(this.#kind, { ...this.#query, limit: pages * this.#size + 1 })
  }

  /** Shows the longer list, if it has been read. */
  #arrived(): void {
    const next = this.#next
    if (next === undefined || next.status === "loading") return
    this.#stopNext()
    this.#next = undefined
    // One that cannot be read leaves what is shown; more can be asked for again.
    if (next.status === "failed") this.#failure = next.error
    else {
      this.#stopShown()
      this.#shown = next
      this.#hydrated = undefined // It has no more than the first page.
      this.#pages++
      if (this.#listeners.size > 0) this.#follow()
    }
    this.#tell()
  }

  #follow(): void {
    const tell = () => this.#tell()
    const stopLive = this.#shown.subscribe(tell)
    const stopWaiting = this.#hydrated?.position.whenReached(this.#store, tell)
    this.#stopShown = () => {
      stopLive()
      stopWaiting?.()
    }
  }

  #leave(): void {
    this.#stopShown()
    this.#stopNext()
    this.#next = undefined
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener()
  }
}

/** Whether a list begins with these entries, and has no more of them before its end. */
function isFront(entries: readonly Entry[], whole: readonly Entry[], end: number): boolean {
  if (entries.length !== Math.min(whole.length, end)) return false
  return entries.every((entry, index) => entry === whole[index])
}
