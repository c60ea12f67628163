import { type Clock, StoreError } from "@tidemark/core"
import type { FeedMessage } from "./message.ts"

/** The headers of a response that is a stream of events. */
export const STREAM: Readonly<Record<string, string>> = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store, no-transform",
  "x-accel-buffering": "no",
}

export interface EventStreamOptions {
  /** How long a reader may leave what it was sent, in milliseconds. */
  readonly stall: number
  readonly clock: Clock
  /** Called once, when the stream has ended in whatever way. */
  readonly end: () => void
  /** Each cuts the stream where it is. */
  readonly cuts: readonly AbortSignal[]
}

/**
 * Messages as server-sent events. They are pulled as fast as the reader takes them, so a slow
 * reader holds at most one message; one that takes nothing for too long is cut off, and comes back
 * with its position.
 */
export function eventStream(
  messages: AsyncGenerator<FeedMessage, void, undefined>,
  options: EventStreamOptions,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(new EventFeed(messages, options))
}

class EventFeed implements UnderlyingDefaultSource<Uint8Array> {
  readonly #messages: AsyncGenerator<FeedMessage, void, undefined>
  readonly #options: EventStreamOptions
  readonly #encoder = new TextEncoder()
  #cancelStall: () => void = () => {}
  #cut: () => void = () => {}
  #isOver = false

  constructor(messages: AsyncGenerator<FeedMessage, void, undefined>, options: EventStreamOptions) {
    this.#messages = messages
    this.#options = options
  }

  start(controller: ReadableStreamDefaultController<Uint8Array>): void {
    const { cuts } = this.#options
    this.#cut = () => this.#break(controller, "The stream was cut off")
    for (const cut of cuts) cut.addEventListener("abort", this.#cut)
    if (cuts.some((cut) => cut.aborted)) this.#cut()
  }

  async pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    this.#cancelStall()
    try {
      const { done, value } = await this.#messages.next()
      if (this.#isOver) return
      if (!done) return this.#send(controller, eventOf(value))
      this.#stop()
      controller.close()
    } catch (error) {
      if (this.#isOver) return
      this.#stop()
      controller.error(error)
    }
  }

  cancel(): void {
    this.#stop()
  }

  #send(controller: ReadableStreamDefaultController<Uint8Array>, text: string): void {
    const { clock, stall } = this.#options
    controller.enqueue(this.#encoder.encode(text))
    this.#cancelStall()
    const isTaken = () => (controller.desiredSize ?? 1) > 0
    if (isTaken()) return // By a reader that was waiting for it.
    this.#cancelStall = clock.after(stall, () => {
      if (!isTaken()) this.#break(controller, "The reader is too slow")
    })
  }

  /** Lets go of what was not read, too. */
  #break(controller: ReadableStreamDefaultController<Uint8Array>, message: string): void {
    this.#stop()
    controller.error(new StoreError("aborted", message))
  }

  #stop(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#cancelStall()
    for (const cut of this.#options.cuts) cut.removeEventListener("abort", this.#cut)
    this.#options.end()
    // It may stand at a message that nobody took, and hold on to what it follows.
    this.#messages.return().catch(() => {})
  }
}

/** A message as a server-sent event. */
export function eventOf(message: FeedMessage): string {
  const data = `data: ${JSON.stringify(message)}\n\n`
  const isPosition = message.type === "changes" || (message.type === "snapshot" && message.last)
  return isPosition ? `id: ${message.to}\n${data}` : data
}
