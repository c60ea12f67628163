import type { Live, LiveStatus, Store } from "@tidemark/core"
import { equalValues } from "@tidemark/core/engine"
import type { ServerPosition } from "./server-position.ts"

/**
 * What the server has rendered for one key or list, until the live result takes its place. All
 * hooks that read it share it, so that they all go over to the live result together.
 */
export class HydratedResult<T> {
  /** Exactly what the server has rendered. */
  readonly value: T
  readonly position: ServerPosition
  /** The live result as it was at the first look in its present status. */
  #before: { readonly status: LiveStatus; readonly value: T } | undefined
  #replacement: { readonly live: Live<T>; readonly value: T; readonly equal: boolean } | undefined

  constructor(value: T, position: ServerPosition) {
    this.value = value
    this.position = position
  }

  /**
   * What to draw: the server's value while the live result is being read, cannot be read, or is
   * of an older position; from then on the live one. A live result that moves by itself, by an
   * own write for example, is drawn at once. An equal one keeps the identity of the server's.
   */
  current(live: Live<T>, store: Store): T {
    const value = live.get() // First, because it may start the live result and with it change the status.
    if (this.#replacement === undefined) {
      if (this.#holds(live.status, value, store)) return this.value
      this.#replacement = { live, value, equal: equalValues(value, this.value) }
    }
    const { equal, value: first } = this.#replacement
    return equal && value === first ? this.value : value
  }

  /**
   * Whether `current` draws something that was read: the server's value, or what took its place. A
   * live result that was begun anew since then, for a component that was mounted later, is none.
   */
  isReadBy(live: Live<unknown> | undefined): boolean {
    if (this.#replacement === undefined || live === undefined) return true
    return this.#replacement.live === live
  }

  #holds(status: LiveStatus, value: T, store: Store): boolean {
    if (this.#before?.status !== status) this.#before = { status, value }
    if (value !== this.#before.value) return false
    return status !== "ready" || this.position.isAheadOf(store)
  }
}
