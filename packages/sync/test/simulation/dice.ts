import { seededRandom } from "@tidemark/sync/testing"

/** Chance, the same for the same seed. */
export class Dice {
  readonly random: () => number

  constructor(seed: number) {
    this.random = seededRandom(Math.imul(seed, 0x9e3779b1))
  }

  /** Whether something happens that happens so often, from 0 to 1. */
  chance(often: number): boolean {
    return this.random() < often
  }

  /** A whole number from the first up to the last. */
  between(first: number, last: number): number {
    return first + Math.floor(this.random() * (last - first + 1))
  }

  one<T>(of: readonly T[]): T {
    return of[this.between(0, of.length - 1)] as T
  }

  /** One of some names, each as often as its weight says. */
  weighed<T extends string>(weights: Readonly<Record<T, number>>): T {
    const names = Object.keys(weights) as T[]
    let left = this.random() * names.reduce((sum, name) => sum + weights[name], 0)
    for (const name of names) {
      left -= weights[name]
      if (left < 0) return name
    }
    return this.one(names)
  }
}

/** Runs something while the identities that programs make up come from dice too. */
export async function withIdentities<T>(dice: Dice, run: () => Promise<T>): Promise<T> {
  const crypto = globalThis.crypto as { getRandomValues(array: Uint8Array): Uint8Array }
  crypto.getRandomValues = (array) => array.map(() => dice.between(0, 255))
  try {
    return await run()
  } finally {
    Reflect.deleteProperty(crypto, "getRandomValues")
  }
}
