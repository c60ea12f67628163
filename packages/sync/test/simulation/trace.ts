import type { VirtualClock } from "./clock.ts"

/** What has happened in a world. Words are only made of it when they are asked for. */
export class Trace {
  readonly #clock: VirtualClock
  readonly #notes: (() => string)[] = []

  constructor(clock: VirtualClock) {
    this.#clock = clock
  }

  note(...what: readonly (string | object)[]): void {
    if (what[0] === "") return
    const now = this.#clock.now()
    const words = () => what.map((one) => (typeof one === "string" ? one : JSON.stringify(one)))
    this.#notes.push(() => `${Math.round(now - 1_000_000)} ms  ${words().join(" ")}`)
  }

  lines(): string[] {
    return this.#notes.map((words) => words())
  }
}
