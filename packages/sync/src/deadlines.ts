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
  /** The highest number that was sent and not answered; 0 for none. */
  #awaited = 0

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

  /** Writes were sent, up to a number. */
  sent(mutation: number): void {
    if (this.#awaited === 0) this.#await()
    this.#awaited = Math.max(this.#awaited, mutation)
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
      this.#answered(message.mutation)
    } else if (message.type === "expected" || message.type === "retry") {
      this.#answered(this.#awaited) // All will be sent again.
    }
  }

  /** The link is gone: nothing is waited for. */
  end(): void {
    this.#cancelHello()
    this.#cancelAnswer()
    this.#silence.end()
    this.#awaited = 0
  }

  #answered(mutation: number): void {
    if (this.#awaited === 0) return
    this.#cancelAnswer()
    if (mutation >= this.#awaited) this.#awaited = 0
    else this.#await() // Each answer gives the next one its time.
  }

  #await(): void {
    this.#cancelAnswer = this.#clock.after(this.#deadline, this.#passed)
  }
}
