import { type Awaitable, run, type Steps, wait } from "./awaitable.ts"
import { type Change, firstAfter } from "./change.ts"
import type { Advance, Engine } from "./engine.ts"
import { StoreError } from "./errors.ts"

/** How many recent changes stay in memory; older ones are read from the engine's log. */
const RECENT = 1024

/** Wakes a reader. What it gives resolves when that reader has ended, if it can promise to. */
export type Wakeup = () => Promise<void> | void

/** What readers of a feed use. */
export type FeedReads = Pick<
  Feed,
  "position" | "generation" | "ended" | "checkOpen" | "onWake" | "after" | "durably" | "replacement"
>

/**
 * The changes after a position: the one way out. The newest ones are in memory; a reader that
 * is further behind gets pages of the log, so that a slow reader costs no memory. Only what is
 * durable is handed out: nobody acts on what a power cut could take back.
 */
export class Feed {
  readonly #engine: Engine
  readonly #wakeups = new Set<Wakeup>()
  #recent: Change[] = []
  /** The position before the first change of `#recent`. */
  #floor = 0
  #position = 0
  #replaced: (Pick<Advance, "changes" | "untold"> & { readonly from: number }) | undefined
  #generation = 0
  #ended = false
  #isClosed = false

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** The position of the newest durable change: readers may see up to here. */
  get position(): number {
    return this.#position
  }

  /** How often the sequence has been replaced. */
  get generation(): number {
    return this.#generation
  }

  /** Whether no change will follow. */
  get ended(): boolean {
    return this.#ended
  }

  start(position: number): void {
    this.#position = position
    this.#floor = position
  }

  advance({ to, changes, reset, untold = [], durable }: Advance): void {
    if (reset) {
      this.#replaced = reset === true ? { changes, untold, from: this.#position } : undefined
      this.#generation++
      this.#recent = []
      this.#floor = to
    } else {
      this.#remember(changes, to)
    }
    if (durable !== false) this.#moveTo(to)
  }

  /** Lets readers see everything up to a position. */
  durable(to: number): void {
    if (to > this.#position) this.#moveTo(to)
  }

  /** Lets no change follow. Resolves when the readers that are pushed have been told everything. */
  async end(): Promise<void> {
    this.#ended = true
    await Promise.all([...this.#wakeups].map((wakeup) => wakeup()))
  }

  /** Reads no more from the engine: what a reader has not read by now it reads in another run. */
  close(): void {
    this.#isClosed = true
  }

  /** @throws StoreError `closed` */
  checkOpen(): void {
    if (this.#isClosed) throw closed()
  }

  /** Calls back when readers may see more, and at the end; the result unsubscribes. */
  onWake(wakeup: Wakeup): () => void {
    this.#wakeups.add(wakeup)
    return () => this.#wakeups.delete(wakeup)
  }

  /** At most `limit` changes after a position. */
  after(position: number, limit: number): Awaitable<readonly Change[]> {
    if (position >= this.#position) return []
    if (position < this.#floor) return run(this.#fromLog(position, limit))
    const start = firstAfter(this.#recent, position)
    return this.#upToHere(this.#recent.slice(start, start + limit))
  }

  /** Reads a state and waits until it is durable, so that who goes on from its seq misses nothing. */
  durably<T extends { readonly seq: number }>(read: () => Awaitable<T>): Awaitable<T> {
    return run(this.#reading(read))
  }

  /**
   * What the newest replacement of the sequence changed, for a reader of some kinds, or of all,
   * that had read all before it.
   * @throws StoreError `position_too_old` for a reader that had not, or of kinds of which nobody can tell.
   */
  replacement(position: number, generation: number, kinds?: readonly string[]): readonly Change[] {
    const replaced = this.#replaced
    if (
      replaced !== undefined &&
      generation === this.#generation - 1 &&
      position >= replaced.from &&
      !replaced.untold?.some((kind) => kinds?.includes(kind) !== false)
    ) {
      return replaced.changes
    }
    throw new StoreError(
      "position_too_old",
      `The sequence was replaced while a watch stood at ${position}`,
      {
        details: { position },
        hint: 'Watch again with from: "current"',
      },
    )
  }

  *#fromLog(position: number, limit: number): Steps<readonly Change[]> {
    this.checkOpen()
    return this.#upToHere(yield* wait(this.#engine.changes(position, limit)))
  }

  #upToHere(changes: readonly Change[]): readonly Change[] {
    const last = changes.at(-1)
    if (last === undefined || last.seq <= this.#position) return changes
    return changes.slice(0, firstAfter(changes, this.#position))
  }

  *#reading<T extends { readonly seq: number }>(read: () => Awaitable<T>): Steps<T> {
    for (;;) {
      this.checkOpen()
      const generation = this.#generation
      const state = yield* wait(read())
      while (state.seq > this.#position && generation === this.#generation) {
        if (this.#ended) throw closed()
        yield this.#nextWake()
      }
      if (generation === this.#generation) return state
    }
  }

  #nextWake(): Promise<void> {
    return new Promise((resolve) => {
      const forget = this.onWake(() => {
        forget()
        resolve()
      })
    })
  }

  #moveTo(position: number): void {
    this.#position = position
    this.#wake()
  }

  #remember(changes: readonly Change[], to: number): void {
    if (this.#wakeups.size === 0) {
      // Nobody follows: the log has them, and memory need not.
      this.#recent = []
      this.#floor = to
      return
    }
    if (changes.length > RECENT) this.#recent = changes.slice(-RECENT)
    else for (const change of changes) this.#recent.push(change)
    const surplus = this.#recent.length - RECENT
    // Cut in large steps: cutting by one would move the whole array each time.
    const forgotten = surplus >= RECENT ? this.#recent.splice(0, surplus) : []
    if (changes.length > RECENT) this.#floor = (changes.at(-RECENT - 1) as Change).seq
    else if (forgotten.length > 0) this.#floor = (forgotten.at(-1) as Change).seq
  }

  #wake(): void {
    for (const wakeup of [...this.#wakeups]) wakeup()
  }
}

function closed(): StoreError {
  return new StoreError("closed", "The store was closed before everything was read", {
    hint: "Open it again, and watch from the position that was reached",
  })
}
