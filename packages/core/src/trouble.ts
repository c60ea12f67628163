import type { Change } from "./change.ts"

/** How often something that fails is tried, and when. Times are in milliseconds. */
export interface RetryOptions {
  /** After so many tries a change is parked. Default 5. */
  readonly tries?: number
  /** The wait before the second try; it doubles with each. Default 100. */
  readonly first?: number
  /** The longest wait. Default 30,000. */
  readonly longest?: number
}

/** What failed, how often in a row, and why the last time. */
export interface Failure {
  /** The change whose handler failed; absent when it was the store. */
  readonly change?: Change
  readonly tries: number
  readonly error: unknown
}

/** The changes that could not be handled yet. While there are any, one batch is tried at a time. */
export class Trouble {
  readonly #options: Required<RetryOptions>
  readonly #failures = new Map<number, Failure | undefined>()

  constructor({ tries = 5, first = 100, longest = 30_000 }: RetryOptions) {
    this.#options = { tries, first, longest }
  }

  /** Whether one batch is to be tried at a time. */
  get isOn(): boolean {
    return this.#failures.size > 0
  }

  /** How often a change has failed. */
  triesOf({ seq }: Change): number {
    return this.#failures.get(seq)?.tries ?? 0
  }

  /** The last failure of a change that has been tried often enough; `undefined` for any other. */
  doom({ seq }: Change): Failure | undefined {
    const failure = this.#failures.get(seq)
    return failure !== undefined && failure.tries >= this.#options.tries ? failure : undefined
  }

  /** Notes that a change has failed; gives the milliseconds to wait. */
  failed(change: Change, error: unknown): Failure & { readonly wait: number } {
    const failure = { change, tries: this.triesOf(change) + 1, error }
    this.#failures.set(change.seq, failure)
    return { ...failure, wait: this.doom(change) ? 0 : this.waitAfter(failure.tries) } // Parking need not wait.
  }

  /** Notes changes of which any may be the one that fails. */
  suspect(changes: readonly Change[]): void {
    for (const { seq } of changes) {
      if (!this.#failures.has(seq)) this.#failures.set(seq, undefined)
    }
  }

  /** Notes that changes are done with. */
  over(changes: readonly Change[]): void {
    for (const { seq } of changes) this.#failures.delete(seq)
  }

  /** Forgets everything: other changes follow. */
  clear(): void {
    this.#failures.clear()
  }

  /** How long to wait after so many failures. */
  waitAfter(tries: number): number {
    const { first, longest } = this.#options
    return Math.min(longest, first * 2 ** (tries - 1))
  }
}
