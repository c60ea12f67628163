import type { Channel, Link, LinkReceiver } from "./channel.ts"
import type { ClientMessage } from "./message.ts"

/** A channel whose links can be closed for a while: those that are opened meanwhile wait. */
export class PausingChannel implements Channel {
  readonly #channel: Channel
  readonly #links = new Set<PausingLink>()
  #isPaused = false

  constructor(channel: Channel) {
    this.#channel = channel
  }

  open(receiver: LinkReceiver): Link {
    const link = new PausingLink(this.#channel, receiver, () => this.#links.delete(link))
    this.#links.add(link)
    if (!this.#isPaused) link.begin()
    return link
  }

  pause(): void {
    this.#isPaused = true
    for (const link of [...this.#links]) link.cut()
  }

  resume(): void {
    this.#isPaused = false
    for (const link of this.#links) link.begin()
  }
}

class PausingLink implements Link {
  readonly #channel: Channel
  readonly #receiver: LinkReceiver
  readonly #over: () => void
  readonly #waiting: ClientMessage[] = []
  #link: Link | undefined

  constructor(channel: Channel, receiver: LinkReceiver, over: () => void) {
    this.#channel = channel
    this.#receiver = receiver
    this.#over = over
  }

  begin(): void {
    if (this.#link !== undefined) return
    this.#link = this.#channel.open({
      message: (message) => this.#receiver.message(message),
      closed: (reason) => {
        this.#over()
        this.#receiver.closed(reason)
      },
    })
    for (const message of this.#waiting.splice(0)) this.#link.send(message)
  }

  send(message: ClientMessage): void {
    if (this.#link === undefined) this.#waiting.push(message)
    else this.#link.send(message)
  }

  close(): void {
    this.#over()
    this.#link?.close()
  }

  /** Ends it, and tells so; one that has not begun goes on waiting. */
  cut(): void {
    if (this.#link === undefined) return
    this.close()
    this.#receiver.closed("the page is being stopped")
  }
}
