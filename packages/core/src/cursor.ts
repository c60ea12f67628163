import { type Awaitable, run, type Steps, wait } from "./awaitable.ts"
import { type Change, type ChangeType, replayOf } from "./change.ts"
import type { FollowReads } from "./engine.ts"
import { isPresent } from "./entry.ts"
import { StoreError } from "./errors.ts"
import type { FeedReads } from "./feed.ts"
import { shown } from "./options.ts"
import { kindsOf, readTarget, type Target, type TargetTest, targetTest } from "./target.ts"
import { wholeBatches } from "./whole-batches.ts"

/** Where a watch begins: after now, with a replay of what is there, or after a position. */
export type From = "now" | "current" | number

/** Whether a value says where a reader begins. */
export function isFrom(from: From): boolean {
  return from === "now" || from === "current" || (Number.isInteger(from) && from >= 0)
}

/** @throws StoreError `invalid_value` for what says no beginning. */
export function checkFrom(from: From): void {
  if (isFrom(from)) return
  throw new StoreError("invalid_value", `A watch cannot begin at ${shown(from)}`, {
    details: { from: String(from) },
    hint: 'Give "now", "current" or the seq of a change',
  })
}

/** What a reader does when the log no longer reaches back to where it stands. */
export type OnGap = "error" | "replay"

/** What a cursor reads at once. */
export interface Page {
  readonly changes: readonly Change[]
  /** What was told before no longer holds: these are a replay of everything there is. */
  readonly reset?: true
}

/** What a cursor reads, and how. */
export interface CursorOptions {
  readonly engine: FollowReads
  readonly target: Target
  readonly from: From
  readonly types: readonly ChangeType[] | undefined
  /** About so many changes are read at once, but whole batches. */
  readonly page: number
  readonly onGap: OnGap
  /** The time by which entries end. */
  now(): number
  /** What a stored change is read as. @throws StoreError for one that cannot be read. */
  give(change: Change): Change
  /** Whether the sequence goes as far as a position: so it may before the feed has come there. */
  reaches(position: number): Awaitable<boolean>
}

/** One reader's place in the feed: reads the replay, then the changes, page by page. */
export class Cursor {
  readonly #feed: FeedReads
  readonly #options: CursorOptions
  readonly #test: TargetTest
  readonly #types: ReadonlySet<ChangeType> | undefined
  #position: number
  #generation: number
  #isReplayed: boolean
  /** It is to begin after what this store has told so far. */
  #isAhead: boolean

  constructor(feed: FeedReads, options: CursorOptions) {
    const { from, target, types } = options
    this.#feed = feed
    this.#options = options
    this.#test = targetTest(target)
    this.#types = types && new Set(types)
    this.#position = typeof from === "number" ? from : feed.position
    this.#generation = feed.generation
    this.#isReplayed = from !== "current"
    this.#isAhead = this.#position > feed.position
  }

  /** Whether everything there is has been read. */
  get caughtUp(): boolean {
    return (
      this.#isReplayed &&
      this.#generation === this.#feed.generation &&
      this.#position >= this.#feed.position
    )
  }

  /** What is next of the target; may be nothing although more follows: ask `caughtUp`. */
  next(): Awaitable<Page> {
    return run(this.#reading())
  }

  *#reading(): Steps<Page> {
    if (!this.#isReplayed) return { changes: yield* this.#replay() }
    try {
      if (this.#isAhead) yield* this.#reach()
      const isReplaced = this.#generation < this.#feed.generation
      return { changes: isReplaced ? this.#replacement() : yield* this.#following() }
    } catch (error) {
      if (!this.#bridges(error)) throw error
      return yield* this.#bridge()
    }
  }

  *#reach(): Steps<void> {
    const position = this.#position
    const isReached = yield* wait(this.#options.reaches(position))
    if (!isReached) throw ahead(position, this.#feed.position)
    this.#isAhead = false
  }

  *#following(): Steps<readonly Change[]> {
    const end = this.#feed.position
    const read = (limit: number) => this.#feed.after(this.#position, limit)
    const changes = yield* wholeBatches(read, this.#options.page)
    if (this.#generation !== this.#feed.generation) return [] // Replaced while we waited.
    this.#position = changes.at(-1)?.seq ?? Math.max(this.#position, end)
    return this.#wanted(changes)
  }

  #replacement(): readonly Change[] {
    const changes = this.#feed.replacement(
      this.#position,
      this.#generation,
      kindsOf(this.#options.target),
    )
    this.#generation = this.#feed.generation
    this.#position = this.#feed.position
    return this.#wanted(changes)
  }

  *#replay(): Steps<readonly Change[]> {
    const { engine, target, now } = this.#options
    const read = () => readTarget(engine, target, this.#feed.position, now())
    const { seq, rows } = yield* wait(this.#feed.durably(read))
    this.#position = seq
    this.#generation = this.#feed.generation
    this.#isReplayed = true
    this.#isAhead = false
    return this.#wanted(rows.map(replayOf))
  }

  #bridges(error: unknown): boolean {
    return this.#options.onGap === "replay" && StoreError.is(error, "position_too_old")
  }

  /** Goes on where the log does not reach back to: by what has changed since, else by what is there. */
  *#bridge(): Steps<Page> {
    if (this.#generation === this.#feed.generation && !this.#isAhead) {
      try {
        return { changes: yield* this.#newest() }
      } catch (error) {
        if (!this.#bridges(error)) throw error
      }
    }
    return { changes: yield* this.#replay(), reset: true }
  }

  /** The newest state of what has changed since, a page of it: also of what is gone. */
  *#newest(): Steps<readonly Change[]> {
    const { engine, page, now } = this.#options
    const end = this.#feed.position
    this.#feed.checkOpen()
    const rows = yield* wait(engine.since(this.#position, page))
    if (this.#generation !== this.#feed.generation) return []
    const last = rows.at(-1)?.seq
    this.#position = last === undefined || rows.length < page ? end : Math.min(last, end)
    // What is not durable yet comes later. What has expired will be told as its delete.
    const told = rows.filter((row) => row.seq <= end && (row.deleted || isPresent(row, now())))
    return this.#wanted(told.map(replayOf))
  }

  #wanted(changes: readonly Change[]): readonly Change[] {
    const wanted = changes.filter(
      ({ kind, key, type }) =>
        this.#test(kind, key) && (this.#types === undefined || this.#types.has(type)),
    )
    return wanted.map(this.#options.give)
  }
}

function ahead(position: number, head: number): StoreError {
  return new StoreError(
    "position_too_old",
    `A watch was to begin after ${position}, and the store is at ${head}: the position is of another store, or of one that was restored`,
    { details: { position, head }, hint: 'Watch again with from: "current"' },
  )
}
