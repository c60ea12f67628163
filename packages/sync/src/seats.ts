/** How many of something may go on at once, in all and for each principal. */
export class Seats {
  readonly #all: number
  readonly #each: number
  readonly #taken = new Map<string, number>()
  #total = 0

  constructor(all: number, each: number) {
    this.#all = all
    this.#each = each
  }

  /** Takes one, and gives what lets go of it; or says whose bound is reached. */
  take(who: string): (() => void) | "all" | "each" {
    const own = this.#taken.get(who) ?? 0
    if (own >= this.#each) return "each"
    if (this.#total >= this.#all) return "all"
    this.#taken.set(who, own + 1)
    this.#total++
    let isTaken = true
    return () => {
      if (!isTaken) return
      isTaken = false
      this.#release(who)
    }
  }

  #release(who: string): void {
    this.#total--
    const own = (this.#taken.get(who) ?? 1) - 1
    if (own === 0) this.#taken.delete(who)
    else this.#taken.set(who, own)
  }
}
