import { type ErrorRecord, type Live, StoreError, type StoreStatus } from "@tidemark/core"
import { LiveValue } from "@tidemark/core/engine"

/** What a tab knows of the storage of a browser's store. */
export interface TabStatus {
  /** Whether the worker of this tab keeps the store for all. */
  readonly role: "leader" | "follower" | "alone"
  /** Why this tab could not use the storage; it is tried again, here and in other tabs. Gone when it is in use again. */
  readonly failure?: ErrorRecord
  /** Whether there was a store here before, and the browser, or somebody, has deleted it. */
  readonly evicted: boolean
  /** Whether the browser has promised not to evict the storage. */
  readonly persisted: boolean
}

/** Keeps the status of a tab. */
export class TabState {
  readonly #report: (error: unknown) => void
  readonly #live: LiveValue<TabStatus>

  constructor(report: (error: unknown) => void) {
    this.#report = report
    const status: TabStatus = { role: "follower", evicted: false, persisted: false }
    this.#live = new LiveValue(status, report)
    this.#live.set(status)
  }

  get live(): Live<TabStatus> {
    return this.#live
  }

  /** Follows the store of this tab: once that is served again, by whichever tab, nothing is wrong any more. */
  follow(status: Live<StoreStatus>): void {
    let { connection } = status.get()
    status.subscribe(() => {
      const before = connection
      connection = status.get().connection
      if (connection === "live" && before !== "live") this.#recovered()
    })
  }

  leads(isLeader: boolean): void {
    if (isLeader) this.#recovered()
    const role = isLeader ? "leader" : "follower"
    if (role !== this.#live.get().role) this.#change({ role })
  }

  /** This tab goes on with a store of its own, in memory. */
  alone(): void {
    this.#change({ role: "alone" })
  }

  failed(error: StoreError): void {
    this.#change({ failure: error.toJSON() })
  }

  /** Tells that there was a store here, and it is gone. */
  evicted(): void {
    this.#change({ evicted: true })
    this.#report(
      new StoreError("storage_unavailable", "The storage of this store was deleted; it is empty", {
        details: { reason: "evicted" },
        hint: "The browser was short of space, or its data was cleared: fill it again",
      }),
    )
  }

  persisted(isPersisted: boolean): void {
    this.#change({ persisted: isPersisted })
  }

  close(): void {
    this.#live.close()
  }

  #recovered(): void {
    const { failure, ...rest } = this.#live.get()
    if (failure !== undefined) this.#live.set(rest)
  }

  #change(part: Partial<TabStatus>): void {
    this.#live.set({ ...this.#live.get(), ...part })
  }
}
