import type { Clock } from "@tidemark/core"
import type { ServerMessage } from "./message.ts"
import { Silence } from "./silence.ts"

/** How long a hello or a write may wait for a word where nothing else is said, in milliseconds. */
export const DEADLINE = 45_000

/**
 * Notices on a link that the authority no longer answers: a hello without a welcome, writes without
 * an answer, or silence where signs of life were promised.
 */
export class Deadlines {
  readonly #clock: Clock
  readonly #deadline: number
  readonly #passed: () => void
  readonly #silence: Silence
  #cancelHello: () => void = () => {}
  #cancelAnswer: () => void = () => {}
  /** The numbers that were sent and not answered: an answer can be lost though a later one comes. */
  readonly #awaited = new Set<number>()

  constructor(clock: Clock, deadline: number, passed: () => void) {
    this.#clock = clock
    this.#deadline = deadline
    this.#passed = passed
    this.#silence = new Silence(clock, passed)
  }

  /** A hello was sent on a new link. */
  greeted(): void {
    this.end()
    this.#cancelHello = this.#clock.after(this.#deadline, this.#passed)
  }

  /** Writes were sent. */
  sent(mutations: readonly { readonly mutation: number }[]): void {
    if (this.#awaited.size === 0 && mutations.length > 0) this.#await()
    for (const { mutation } of mutations) this.#awaited.add(mutation)
  }

  /** Something came, be it a part of a message. */
  heard(): void {
    this.#silence.heard()
  }

  received(message: ServerMessage): void {
    this.heard()
    if (message.type === "welcome") {
      this.#cancelHello()
      const { heartbeat = 0 } = message
      if (heartbeat > 0) this.#silence.start(heartbeat)
    } else if (message.type === "ack" || message.type === "reject") {
      if (this.#awaited.delete(message.mutation)) this.#answered()
    } else if (message.type === "expected") this.#answered()
    else if (message.type === "retry") {
      this.#awaited.clear() // All will be sent again, however late.
      this.#cancelAnswer()
    }
  }

  /** The link is gone: nothing is waited for. */
  end(): void {
    this.#cancelHello()
    this.#cancelAnswer()
    this.#silence.end()
    this.#awaited.clear()
  }

  #answered(): void {
    this.#cancelAnswer()
    if (this.#awaited.size > 0) this.#await() // Each answer gives the next one its time.
  }

  #await(): void {
    this.#cancelAnswer = this.#clock.after(this.#deadline, this.#passed)
  }
}
