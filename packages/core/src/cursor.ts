import { type Awaitable, run, type Steps, wait } from "./awaitable.ts"
import { type Change, type ChangeType, replayOf } from "./change.ts"
import type { Engine } from "./engine.ts"
import type { Feed } from "./feed.ts"
import { readTarget, type Target, type TargetTest, targetTest } from "./target.ts"

/** Where a watch begins: after now, with a replay of what is there, or after a position. */
export type From = "now" | "current" | number

/** One reader's place in the feed: reads the replay, then the changes, page by page. */
export class Cursor {
  readonly #engine: Engine
  readonly #feed: Feed
  readonly #target: Target
  readonly #test: TargetTest
  readonly #types: ReadonlySet<ChangeType> | undefined
  readonly #page: number
  readonly #now: () => number
  #position: number
  #generation: number
  #replayed: boolean

  constructor(
    engine: Engine,
    feed: Feed,
    options: {
      target: Target
      from: From
      types: readonly ChangeType[] | undefined
      page: number
      now: () => number
    },
  ) {
    this.#engine = engine
    this.#feed = feed
    this.#target = options.target
    this.#test = targetTest(options.target)
    this.#types = options.types && new Set(options.types)
    this.#page = options.page
    this.#now = options.now
    this.#position = typeof options.from === "number" ? options.from : feed.position
    this.#generation = feed.generation
    this.#replayed = options.from !== "current"
  }

  /** Whether everything there is has been read. */
  get caughtUp(): boolean {
    return (
      this.#replayed &&
      this.#generation === this.#feed.generation &&
      this.#position >= this.#feed.position
    )
  }

  /** The next changes of the target; may be none although more follow: ask `caughtUp`. */
  next(): Awaitable<readonly Change[]> {
    return run(this.#reading())
  }

  *#reading(): Steps<readonly Change[]> {
    if (!this.#replayed) return yield* this.#replay()
    if (this.#generation < this.#feed.generation) {
      const changes = this.#feed.replacement(this.#position, this.#generation)
      this.#generation = this.#feed.generation
      this.#position = this.#feed.position
      return this.#wanted(changes)
    }
    const end = this.#feed.position
    const changes = yield* wait(this.#feed.after(this.#position, this.#page))
    if (this.#generation !== this.#feed.generation) return [] // Replaced while we waited.
    this.#position = changes.at(-1)?.seq ?? Math.max(this.#position, end)
    return this.#wanted(changes)
  }

  *#replay(): Steps<readonly Change[]> {
    const read = () => readTarget(this.#engine, this.#target, this.#feed.position, this.#now())
    const { seq, rows } = yield* wait(this.#feed.durably(read))
    this.#position = seq
    this.#generation = this.#feed.generation
    this.#replayed = true
    return this.#types === undefined || this.#types.has("create") ? rows.map(replayOf) : []
  }

  #wanted(changes: readonly Change[]): readonly Change[] {
    return changes.filter(
      ({ kind, key, type }) =>
        this.#test(kind, key) && (this.#types === undefined || this.#types.has(type)),
    )
  }
}
