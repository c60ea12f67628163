import { Fault } from "../ledger.ts"

/** One key as a store has it. */
export type Count = readonly [key: string, value: number, version: number]

/** What the writers in tabs were told, and so must be in their stores whatever ends them. */
export class Acknowledged {
  /** The greatest acknowledged value of each key. */
  readonly #values = new Map<string, number>()
  #total = 0
  #told: () => void = () => {}

  /** How often a writer was told something. */
  get total(): number {
    return this.#total
  }

  take(key: string, value: number): void {
    this.#values.set(key, Math.max(value, this.#values.get(key) ?? 0))
    this.#total++
    this.#told()
  }

  /** Resolves when the total has been reached. */
  async reaches(total: number): Promise<void> {
    while (this.#total < total) {
      await new Promise<void>((resolve) => {
        this.#told = resolve
      })
    }
  }

  /**
   * Compares a store with what was acknowledged under keys that begin with its name. Gives the
   * number of batches.
   * @throws Fault for a write that is lost, or was applied twice.
   */
  check(counts: readonly Count[], name: string): number {
    const found = new Map(counts.map(([key, value]) => [key, value]))
    for (const [key, value] of this.#values) {
      if (!key.startsWith(`${name}/`)) continue
      const has = found.get(key) ?? 0
      if (has < value) throw new Fault(`${key} is at ${has}, and ${value} was acknowledged`)
    }
    for (const [key, value, version] of counts) {
      if (version === 2 * value - 1) continue
      throw new Fault(`${key} is at ${value} in version ${version}: some batch applied twice`)
    }
    return counts.reduce((sum, [, value]) => sum + value, 0)
  }
}
