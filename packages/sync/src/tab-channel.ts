import type { Channel, Link, LinkReceiver } from "./channel.ts"
import type { ClientMessage } from "./message.ts"

/**
 * The channel of a tab: to the worker of whichever tab leads, or, while that is this one, by a
 * shorter way to its own; nowhere while the page is stopped, or its worker opens the storage. Links
 * that are opened then wait.
 */
export class TabChannel implements Channel {
  readonly #shared: Channel
  readonly #links = new Set<TabLink>()
  /** Where links lead: `undefined` where nobody can be reached for now. */
  #way: Channel | undefined
  #isPaused = false

  /** `shared` leads to whichever tab's worker keeps the store. */
  constructor(shared: Channel) {
    this.#shared = shared
    this.#way = shared
  }

  open(receiver: LinkReceiver): Link {
    const link = new TabLink(receiver, () => this.#links.delete(link))
    this.#links.add(link)
    link.turn(this.#isPaused ? undefined : this.#way)
    return link
  }

  /** The worker of this tab is to keep the store: nobody else does, and it does not yet. */
  await(): void {
    this.#lead(undefined)
  }

  /** The worker of this tab keeps the store, and is reached by a way of its own. */
  lead(own: Channel): void {
    this.#lead(own)
  }

  /** Another tab's worker keeps the store. */
  follow(): void {
    this.#lead(this.#shared)
  }

  /** Lets go of all links, until `resume`. */
  pause(): void {
    this.#isPaused = true
    this.#turn(undefined)
  }

  resume(): void {
    this.#isPaused = false
    this.#turn(this.#way)
  }

  #lead(way: Channel | undefined): void {
    if (way === this.#way) return
    this.#way = way
    if (!this.#isPaused) this.#turn(way)
  }

  #turn(way: Channel | undefined): void {
    for (const link of [...this.#links]) link.turn(way)
  }
}

/** A link that nobody has answered yet can take another way: what it was to carry goes there again. */
class TabLink implements Link {
  readonly #receiver: LinkReceiver
  readonly #over: () => void
  /** All that was sent, as long as nobody has answered. */
  #unanswered: ClientMessage[] | undefined = []
  #link: Link | undefined
  #isOver = false

  constructor(receiver: LinkReceiver, over: () => void) {
    this.#receiver = receiver
    this.#over = over
  }

  /** Goes another way from here on, or waits for one; one that was answered ends, and tells so. */
  turn(way: Channel | undefined): void {
    if (this.#unanswered === undefined) return this.#lost("the store is somewhere else from now on")
    this.#link?.close()
    this.#link = undefined
    if (way === undefined) return
    let link: Link | undefined
    link = way.open({
      message: (message) => {
        if (this.#isOver || link !== this.#link) return
        this.#unanswered = undefined
        this.#receiver.message(message)
      },
      closed: (reason) => {
        if (link === this.#link) this.#lost(reason)
      },
    })
    if (this.#isOver) return link.close() // It has ended at once.
    this.#link = link
    for (const message of this.#unanswered) link.send(message)
  }

  send(message: ClientMessage): void {
    this.#unanswered?.push(message)
    this.#link?.send(message)
  }

  close(): void {
    this.#end()
  }

  #lost(reason: unknown): void {
    if (this.#isOver) return
    this.#end()
    this.#receiver.closed(reason)
  }

  #end(): void {
    this.#isOver = true
    this.#over()
    this.#link?.close()
  }
}
