import { type Awaitable, run, type Steps, wait } from "../../awaitable.ts"
import type { Advance, EngineListener, Position } from "../../engine.ts"
import type { Durable } from "./durable.ts"
import type { Health } from "./health.ts"

/** Tells the store of each step of the base: that it is there, and then that it is durable. */
export class Telling {
  readonly #listener: EngineListener
  readonly #health: Health
  readonly #durable: Durable | undefined
  #place: Position
  /** How often another sequence has come in place of this one. */
  #replacements = 0

  /** `place` is what opening tells. `durable` is what syncs commits, where that is done apart. */
  constructor(
    listener: EngineListener,
    health: Health,
    durable: Durable | undefined,
    place: Position,
  ) {
    this.#listener = listener
    this.#health = health
    this.#durable = durable
    this.#place = place
  }

  /** How far the store was told. */
  get place(): Position {
    return this.#place
  }

  /** Shows a step now. What `wrote` something is done when it is durable, and then followers hear of it. */
  advance(step: Advance, wrote: boolean): Awaitable<void> {
    const durable = this.#durable
    this.#place = { epoch: this.#place.epoch, head: step.to }
    if (durable === undefined || (!wrote && durable.has(step.to))) {
      this.#listener.advance(step)
      return
    }
    this.#listener.advance({ ...step, durable: false })
    return run(this.#confirming(step.to))
  }

  /** Takes over what the store knows already. Done when it is durable. */
  take(place: Position): Awaitable<void> {
    this.#place = place
    return run(this.#reaching(place.head))
  }

  /**
   * Tells that the database holds another sequence now, up to a place.
   * @throws StoreError `busy` while a sync of the old one is under way, `storage_unavailable`
   */
  replace(place: Position): void {
    this.#durable?.restart(place.head)
    this.#place = place
    this.#replacements++
    const { epoch, head: to } = place
    this.#listener.advance({ to, changes: [], settled: [], epoch, reset: "unknown" })
  }

  /** After a failure: all that is in the database has been made durable by other means. */
  recovered(): void {
    const { head } = this.#place
    this.#durable?.restored(head)
    this.#listener.durable(head)
  }

  *#confirming(position: number): Steps<void> {
    const replacements = this.#replacements
    yield* this.#reaching(position)
    if (replacements === this.#replacements) this.#listener.durable(position)
  }

  *#reaching(position: number): Steps<void> {
    if (this.#durable === undefined) return
    const known = this.#health.failure
    try {
      yield* wait(this.#durable.reach(position))
    } catch (error) {
      this.#health.note(error)
      throw error
    }
    this.#health.ok(known)
  }
}
