/**
 * A note in localStorage of which sequence was here: it outlives the private file system, and so
 * tells a store that was lost from one that never was.
 */
export class Canary {
  readonly #key: string

  constructor(name: string) {
    this.#key = `${name} epoch`
  }

  /** Notes a sequence. Whether another one was here before. */
  note(epoch: string): boolean {
    try {
      const before = localStorage.getItem(this.#key)
      localStorage.setItem(this.#key, epoch)
      return before !== null && before !== epoch
    } catch {
      return false // Without localStorage nobody can tell.
    }
  }
}
