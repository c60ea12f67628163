import type { Change, From, Subscription } from "@tidemark/core"
import { Cell, type Readable } from "./cell.ts"
import type { InspectedStore } from "./devtools.ts"
import { EventLog } from "./event-log.ts"
import { type Failure, failureOf, isClosed } from "./failure.ts"

/** So many changes from before the panel was mounted are asked for. */
const SEED = 200

/** Hears of a committed change, or, without one, that pending writes have come or gone. */
export type ChangeListener = (change: Change | undefined) => void

/** The panel's one follower of a store: what happened, where it stands, whether it is still open. */
export class Inspector {
  readonly store: InspectedStore
  readonly log: EventLog = new EventLog()
  readonly #listeners = new Set<ChangeListener>()
  readonly #closed = new Cell(false)
  readonly #position: Cell<number>
  readonly #failure = new Cell<Failure | undefined>(undefined)
  #subscription: Subscription | undefined
  #stopped = false

  constructor(store: InspectedStore) {
    this.store = store
    this.#position = new Cell(store.position)
  }

  /** Whether the store has been closed. */
  get closed(): Readable<boolean> {
    return this.#closed
  }

  get position(): Readable<number> {
    return this.#position
  }

  /** Why the log has stopped, if it has. */
  get failure(): Readable<Failure | undefined> {
    return this.#failure
  }

  /** Calls back after each committed change and each time the number of pending writes changes. */
  onChange(listener: ChangeListener): () => void {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  /** Follows from now on, after a failure. */
  resume(): void {
    this.#failure.set(undefined)
    this.#follow("now")
  }

  /** Follows until the return value is called. */
  start(): () => void {
    this.#stopped = false
    const forget = this.store.status.subscribe(() => this.#statusChanged())
    this.#statusChanged()
    this.#follow(Math.max(0, this.store.position - SEED))
    return () => {
      this.#stopped = true
      forget()
      this.#subscription?.unsubscribe()
    }
  }

  #follow(from: From): void {
    if (this.#closed.get()) return
    try {
      this.#subscription = this.store.watch("*", { from }).subscribe({
        next: (change) => this.#next(change),
        error: (error) => this.#failed(error, from),
        complete: () => this.#ended(),
      })
    } catch (error) {
      this.#failed(error, from)
    }
  }

  #next(change: Change): void {
    this.log.add(change)
    this.#tell(change)
  }

  #failed(error: unknown, from: From): void {
    if (isClosed(error)) this.#ended()
    // The log does not reach back so far: begin with what comes.
    else if (from !== "now") this.#follow("now")
    else this.#failure.set(failureOf(error))
  }

  #ended(): void {
    if (!this.#stopped) this.#closed.set(true)
  }

  #statusChanged(): void {
    if (this.store.status.status === "closed") this.#ended()
    this.#tell(undefined)
  }

  #tell(change: Change | undefined): void {
    this.#position.set(this.store.position)
    for (const listener of [...this.#listeners]) listener(change)
  }
}
