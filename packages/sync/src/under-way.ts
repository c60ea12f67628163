import type { Clock } from "@tidemark/core"

/** What a server has under way, and its orderly end. */
export class UnderWay {
  readonly #clock: Clock
  readonly #grace: number
  readonly #closing = new AbortController()
  readonly #cut = new AbortController()
  readonly #ended = Promise.withResolvers<void>()
  #count = 0
  #closed: Promise<void> | undefined

  constructor(clock: Clock, grace: number) {
    this.#clock = clock
    this.#grace = grace
  }

  /** Fires when what is under way should come to its end. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** Fires when it has had its time. */
  get cut(): AbortSignal {
    return this.#cut.signal
  }

  /** Notes that something begins, and gives what notes its end; undefined when nothing may begin. */
  begin(): (() => void) | undefined {
    if (this.#closed !== undefined) return undefined
    this.#count++
    let isOver = false
    return () => {
      if (isOver) return
      isOver = true
      this.#count--
      this.#settle()
    }
  }

  /** Resolves when everything has ended. */
  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    const cancel = this.#clock.after(this.#grace, () => this.#cut.abort())
    this.#closing.abort()
    this.#settle()
    await this.#ended.promise
    cancel()
  }

  #settle(): void {
    if (this.#closing.signal.aborted && this.#count === 0) this.#ended.resolve()
  }
}
