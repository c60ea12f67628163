/** Random numbers from a seed: the same seed gives the same numbers. */
export class Random {
  #state: number

  constructor(seed: number) {
    this.#state = seed | 0
  }

  /** A whole number from 0 to `bound - 1`. */
  below(bound: number): number {
    return Math.floor(this.#fraction() * bound)
  }

  /** `true` with this probability. */
  chance(probability: number): boolean {
    return this.#fraction() < probability
  }

  /** One of these. */
  of<T>(choices: readonly [T, ...T[]]): T {
    return choices[this.below(choices.length)] ?? choices[0]
  }

  #fraction(): number {
    this.#state = (this.#state + 0x6b8b4567) | 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x45d9f3b5)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0x2c1b3c6d)
    return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32
  }
}

/** A seed that no run had before, most likely. */
export function freshSeed(): number {
  return Math.floor(Math.random() * 2 ** 31)
}
