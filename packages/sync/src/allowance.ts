import type { Clock } from "@tidemark/core"

interface Bucket {
  tokens: number
  at: number
}

/** So many principals may be new before those that have saved up everything are forgotten. */
const SWEEP = 1_000

/** How much each principal may do: so much in a second, and what it has saved up by doing less. */
export class Allowance {
  readonly #clock: Clock
  readonly #perSecond: number
  readonly #saved: number
  readonly #buckets = new Map<string, Bucket>()
  #sweepAt = SWEEP

  constructor(clock: Clock, perSecond: number, saved: number) {
    this.#clock = clock
    this.#perSecond = perSecond
    this.#saved = saved
  }

  /** Takes as much of what is wanted as there is, in whole numbers. */
  take(who: string, wanted: number): number {
    const bucket = this.#bucket(who)
    const taken = Math.min(wanted, Math.max(0, Math.floor(bucket.tokens)))
    bucket.tokens -= taken
    return taken
  }

  /** Takes all of it if there is any at all, and then owes what was missing. Whether it was taken. */
  spend(who: string, amount: number): boolean {
    const bucket = this.#bucket(who)
    if (bucket.tokens < 1) return false
    bucket.tokens -= amount
    return true
  }

  /** How long until there is one more, in milliseconds. */
  wait(who: string): number {
    const missing = 1 - this.#bucket(who).tokens
    return missing <= 0 ? 0 : Math.ceil((missing / this.#perSecond) * 1_000)
  }

  #bucket(who: string): Bucket {
    const now = this.#clock.now()
    const known = this.#buckets.get(who)
    if (known !== undefined) return this.#fill(known, now)
    this.#sweep(now)
    const bucket = { tokens: this.#saved, at: now }
    this.#buckets.set(who, bucket)
    return bucket
  }

  #fill(bucket: Bucket, now: number): Bucket {
    const passed = now - bucket.at
    // A clock that was set back gives nothing, and takes nothing.
    if (passed > 0 && bucket.tokens < this.#saved) {
      bucket.tokens = Math.min(this.#saved, bucket.tokens + (passed / 1_000) * this.#perSecond)
    }
    bucket.at = now
    return bucket
  }

  /** Who has saved up everything is as good as new. */
  #sweep(now: number): void {
    if (this.#buckets.size < this.#sweepAt) return
    for (const [who, bucket] of this.#buckets) {
      if (this.#fill(bucket, now).tokens >= this.#saved) this.#buckets.delete(who)
    }
    this.#sweepAt = this.#buckets.size + SWEEP
  }
}
