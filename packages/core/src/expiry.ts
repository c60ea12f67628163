import { Alarm } from "./alarm.ts"
import type { DeleteResult, Op } from "./batch.ts"
import type { Clock } from "./clock.ts"
import type { Commits } from "./commits.ts"
import { EXPIRED } from "./decide.ts"
import type { Advance, Engine } from "./engine.ts"
import { isExpired, type Row } from "./entry.ts"
import { StoreError } from "./errors.ts"

/** So many entries are deleted in one batch; at first fewer, because mostly one ends alone. */
const FEW = 10
const MANY = 500

/** After a failure, so many milliseconds pass before the next try: what has ended is hidden meanwhile. */
const PAUSE = 60_000

/** What the expiry needs of its store. */
export interface ExpiryContext {
  readonly engine: Engine
  readonly commits: Pick<Commits, "submit">
  readonly clock: Clock
  /** Whether this store assigns the sequence: in others, the authority's timer deletes. */
  isAuthority(): boolean
  report(error: unknown): void
}

/**
 * Deletes what has ended, by a timer on the nearest end and on demand. An op `expire` deletes only
 * what has ended when it is committed, so nothing that was written in between is ever lost.
 */
export class Expiry {
  readonly #context: ExpiryContext
  readonly #alarm: Alarm
  #looking: Promise<void> = Promise.resolve()
  #closed = false

  constructor(context: ExpiryContext) {
    this.#context = context
    this.#alarm = new Alarm(context.clock, () => {
      this.#looking = this.#looking.then(() => this.#look())
    })
  }

  /** Looks for what has ended while the store was closed, and for what will. */
  start(): void {
    this.#set(this.#context.clock.now())
  }

  /** Tells that the base has moved: nothing is read for that. */
  advanced({ changes, reset }: Advance): void {
    if (reset) return this.start()
    for (const { expiresAt } of changes) if (expiresAt !== undefined) this.#set(expiresAt)
  }

  /** Deletes everything that has ended; how many there were for which `counts` holds. */
  async purge(counts: (kind: string) => boolean): Promise<number> {
    let purged = 0
    for (;;) {
      const { hasMore, gone } = await this.#expire(MANY)
      purged += gone.filter(({ kind }) => counts(kind)).length
      if (!hasMore) return purged
    }
  }

  /** Ends; waits for what is under way. */
  async close(): Promise<void> {
    this.#closed = true
    this.#alarm.clear()
    await this.#looking
  }

  #set(time: number): void {
    if (!this.#closed && this.#context.isAuthority()) this.#alarm.set(time)
  }

  async #look(): Promise<void> {
    try {
      for (let limit = FEW; !this.#closed; limit = MANY) {
        const { hasMore, next } = await this.#expire(limit)
        this.#set(next)
        if (!hasMore) return
      }
    } catch (error) {
      // Somebody else is writing: there will be another time.
      if (!StoreError.is(error, "busy")) this.#context.report(error)
      this.#set(this.#context.clock.now() + PAUSE)
    }
  }

  /** Deletes one batch: what went, whether there may be more, and when to look again. */
  async #expire(limit: number): Promise<{
    readonly gone: readonly Row[]
    readonly hasMore: boolean
    readonly next: number
  }> {
    const { engine, commits, clock } = this.#context
    const rows = await engine.expiring(limit)
    const now = clock.now()
    const ended = rows.filter((row) => isExpired(row, now))
    const next = rows[ended.length]?.expiresAt ?? Number.POSITIVE_INFINITY
    if (ended.length === 0) return { gone: [], hasMore: false, next }
    const ops = ended.map(({ kind, key }): Op => ({ type: "expire", kind, key }))
    const { results } = await commits.submit({ ops, cause: EXPIRED })
    const gone = ended.filter((_, index) => (results[index] as DeleteResult).existed)
    if (gone.length === ended.length) return { gone, hasMore: gone.length === limit, next }
    // Others were faster, or the clock went back meanwhile.
    const hasMore = gone.length > 0 && ended.length === limit
    return { gone, hasMore, next: Math.min(next, now + PAUSE) }
  }
}
