import type { Awaitable } from "./awaitable.ts"
import type { Clock } from "./clock.ts"
import type { Engine, Pruned } from "./engine.ts"
import { StoreError } from "./errors.ts"
import { pause } from "./host.ts"
import type { Kinds } from "./kinds.ts"
import { checkRetention, type RetentionOptions, retentionOf } from "./retention.ts"

/** So many rows are looked at in one step. */
const STEP = 500

/** After so many changes the background looks for something to prune. */
const EVERY = 1_000

/** Milliseconds between two steps in the background: others write meanwhile. */
const PAUSE = 20

/** What a pruner needs of its store. */
export interface PrunerContext {
  readonly engine: Engine
  readonly kinds: Kinds
  readonly clock: Clock
  readonly options: RetentionOptions
  /** The seq of the newest change. */
  head(): number
  /** The least position that somebody still needs; `Infinity` for none. */
  floor(): Awaitable<number>
  report(error: unknown): void
}

/** Lets go of the past that a store does not keep, in the background and on demand. */
export class Pruner {
  readonly #context: PrunerContext
  #looked = 0
  /** How often the store has moved since, or was written to without moving. */
  #told = 0
  #cancel: (() => void) | undefined
  #underWay: Promise<void> | undefined
  #closed = false
  readonly #held = new Set<{ readonly position: number }>()

  /** @throws StoreError `invalid_value` for a retention that is none. */
  constructor(context: PrunerContext) {
    checkRetention(context.options)
    this.#context = context
  }

  /** Tells that the store has moved. */
  advanced(): void {
    this.#told++
    const news = Math.max(this.#told, this.#context.head() - this.#looked)
    if (news < EVERY || this.#cancel !== undefined) return
    this.#schedule()
  }

  /** Prunes everything that `options`, over the store's own, no longer keeps. */
  async prune(options: RetentionOptions): Promise<number> {
    checkRetention(options)
    let removed = 0
    for (;;) {
      const step = await this.#step({ ...this.#context.options, ...options })
      removed += step.removed
      if (!step.more) return removed
      await pause() // Between two steps others write, and the event loop goes on.
    }
  }

  /** Keeps what comes after a position until the result is called. */
  hold(position: number): () => void {
    const held = { position }
    this.#held.add(held)
    return () => this.#held.delete(held)
  }

  /** Ends; waits for a step that is under way. */
  async close(): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await this.#underWay
  }

  #schedule(): void {
    this.#cancel = this.#context.clock.after(PAUSE, () => {
      this.#underWay = this.#run()
    })
  }

  async #run(): Promise<void> {
    const head = this.#context.head()
    try {
      const { more } = await this.#step(this.#context.options)
      if (more && !this.#closed) return this.#schedule()
    } catch (error) {
      // Somebody else is writing: there will be another time.
      if (!StoreError.is(error, "busy")) this.#context.report(error)
    }
    this.#looked = head
    this.#told = 0
    this.#cancel = undefined
  }

  async #step(options: RetentionOptions): Promise<Pruned> {
    const { engine, kinds, clock } = this.#context
    const floor = Math.min(
      await this.#context.floor(),
      ...[...this.#held].map(({ position }) => position),
    )
    const head = this.#context.head()
    return engine.prune({ ...retentionOf(options, kinds, head, floor, clock.now()), limit: STEP })
  }
}
