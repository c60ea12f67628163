import { onLifeEnd, showLife } from "./life-sign.ts"
import type { Origin } from "./origin.ts"

/** What travels on a line: numbered, so that nothing can be missing or doubled unnoticed. */
interface Frame {
  readonly number: number
  /** Nothing in the authority's first frame, which says that it has taken the line. */
  readonly data?: unknown
  readonly bye?: true
}

/** What a line tells its end. */
export interface LineReceiver {
  /** The other end is there. Follows its first frame. */
  met(): void
  message(data: unknown): void
  /** It is over, and not by this end. */
  closed(reason: string): void
}

/**
 * A BroadcastChannel that two ends have for themselves, by a name that nobody else uses: other tabs
 * then need not read what is not for them.
 */
export class Line {
  readonly #way: BroadcastChannel
  readonly #origin: Origin
  readonly #receiver: LineReceiver
  readonly #ending = new AbortController()
  readonly #life: ReturnType<typeof showLife>
  readonly #otherLife: string
  #sent = 0
  #received = 0

  /** `own` and `other` tell the two ends apart. */
  constructor(origin: Origin, name: string, own: string, other: string, receiver: LineReceiver) {
    this.#origin = origin
    this.#receiver = receiver
    this.#way = origin.broadcast(name)
    this.#way.addEventListener("message", ({ data }: MessageEvent) => this.#receive(data))
    this.#way.addEventListener("messageerror", () => this.#lost("a message could not be read"))
    this.#life = showLife(`${name} ${own}`, origin)
    this.#otherLife = `${name} ${other}`
  }

  /** Resolves when the other end can tell whether this one is alive. */
  get ready(): Promise<void> {
    return this.#life.shown
  }

  get isOver(): boolean {
    return this.#ending.signal.aborted
  }

  /** Sends data, or, without it, only a sign that this end is there. */
  send(data?: unknown): void {
    if (this.isOver) return
    const frame: Frame = { number: ++this.#sent, ...(data === undefined ? {} : { data }) }
    this.#way.postMessage(frame)
  }

  /** Listens from now on for the end of the other's life, which must show already. */
  watch(): void {
    const lost = () => this.#lost("the other end is gone")
    onLifeEnd(this.#otherLife, this.#ending.signal, lost, this.#origin)
  }

  /** Ends it from here. */
  close(): void {
    if (this.isOver) return
    this.#bye()
    this.#end()
    this.#life.end()
  }

  /** As `close`, with a sign of life until the other end is done: its loss could overtake what was sent last. */
  finish(): void {
    if (this.isOver) return
    this.#bye()
    this.#end()
    onLifeEnd(this.#otherLife, undefined, () => this.#life.end(), this.#origin)
  }

  #receive(data: unknown): void {
    if (this.isOver) return
    const { number, data: message, bye } = Object(data) as Partial<Frame>
    if (number !== this.#received + 1) return this.#lost("a message is missing")
    this.#received = number
    if (bye) return this.#lost("the other end has closed")
    if (number === 1) this.#receiver.met()
    if (message !== undefined) this.#receiver.message(message)
  }

  #bye(): void {
    const frame: Frame = { number: ++this.#sent, bye: true }
    this.#way.postMessage(frame)
  }

  #lost(reason: string): void {
    if (this.isOver) return
    this.#end()
    this.#life.end()
    this.#receiver.closed(reason)
  }

  #end(): void {
    this.#ending.abort()
    this.#way.close()
  }
}
