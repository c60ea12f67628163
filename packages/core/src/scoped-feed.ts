import { type Awaitable, run, type Steps, wait } from "./awaitable.ts"
import type { Change } from "./change.ts"
import type { Ending } from "./ending.ts"
import type { FeedReads, Wakeup } from "./feed.ts"
import type { ScopedNames } from "./scoped-names.ts"

/** How many changes of the store are looked at at once for those of a scope, at most. */
const PAGE = 1_000

/** The changes of a scope, by the names inside; it ends with the store, or when the scope is closed. */
export class ScopedFeed implements FeedReads {
  readonly #feed: FeedReads
  readonly #names: ScopedNames
  readonly #ending: Ending

  constructor(feed: FeedReads, names: ScopedNames, ending: Ending) {
    this.#feed = feed
    this.#names = names
    this.#ending = ending
  }

  /** The position of the store: all scopes share its sequence. */
  get position(): number {
    return this.#ending.position ?? this.#feed.position
  }

  get generation(): number {
    return this.#feed.generation
  }

  get ended(): boolean {
    return this.#feed.ended || this.#ending.position !== undefined
  }

  onWake(wakeup: Wakeup): () => void {
    const [one, other] = [this.#feed.onWake(wakeup), this.#ending.onEnd(wakeup)]
    return () => {
      one()
      other()
    }
  }

  checkOpen(): void {
    this.#feed.checkOpen()
  }

  /** At most `limit` changes of the scope after a position. Fewer: there are no more up to here. */
  after(position: number, limit: number): Awaitable<readonly Change[]> {
    return run(this.#reading(position, limit))
  }

  durably<T extends { readonly seq: number }>(read: () => Awaitable<T>): Awaitable<T> {
    return this.#feed.durably(read)
  }

  replacement(position: number, generation: number): readonly Change[] {
    return this.#own(this.#feed.replacement(position, generation))
  }

  *#reading(start: number, limit: number): Steps<readonly Change[]> {
    const found: Change[] = []
    const end = this.position
    // Where others write little, no more is read than is wanted.
    let size = Math.min(PAGE, limit)
    for (let position = start; position < end && found.length < limit; ) {
      const page = yield* wait(this.#feed.after(position, size))
      for (const change of this.#own(page)) if (change.seq <= end) found.push(change)
      position = page.at(-1)?.seq ?? end
      size = Math.min(PAGE, size * 2)
    }
    return found.slice(0, limit)
  }

  #own(changes: readonly Change[]): readonly Change[] {
    return changes
      .filter(({ kind }) => this.#names.has(kind))
      .map((change) => this.#names.fact(change))
  }
}
