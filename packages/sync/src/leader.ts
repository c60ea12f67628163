import { type Clock, StoreError } from "@tidemark/core"
import { newEpoch } from "@tidemark/core/engine"
import { Asks } from "./asks.ts"
import { backoff } from "./backoff.ts"
import type { Channel } from "./channel.ts"
import { DEADLINE } from "./deadlines.ts"
import type { KeptFacts, KeptNews, KeptOptions, KeptRequest } from "./kept-store.ts"
import { onLifeEnd } from "./life-sign.ts"
import { messagePortChannel } from "./message-port.ts"
import { hostOrigin, type Locks, type Origin } from "./origin.ts"

export interface LeaderOptions {
  readonly store: Omit<KeptOptions, "life">
  readonly createWorker: () => Worker
  /** Default: the host's. */
  readonly origin?: Origin
  readonly clock: Clock
  readonly random: () => number
  /** This tab is to lead: its worker opens the storage, which nobody else has. */
  readonly elected: () => void
  /** This tab leads from now on; `own` is a channel to its worker that no other tab has. */
  readonly leads: (facts: KeptFacts, own: Channel) => void
  /** This tab does not lead any more, or could not. */
  readonly resigned: () => void
  /** The storage could not be opened here, or failed. It will be tried again. */
  readonly failed: (error: StoreError) => void
  /** Something went wrong in the worker for which no caller waits. */
  readonly report: (error: unknown) => void
}

/**
 * One tab's part in keeping the store of all tabs: it stands for election, by a lock that one tab
 * has at a time, and while it is elected its worker keeps the store. However the tab or its worker
 * ends, the lock goes to the next one that waits.
 */
export class Leader {
  readonly #options: LeaderOptions
  #standing: AbortController | undefined
  #asks: Asks<KeptRequest> | undefined

  constructor(options: LeaderOptions) {
    this.#options = options
  }

  /** Stands for election, until it steps down. */
  stand(): void {
    if (this.#standing !== undefined) return
    const standing = new AbortController()
    this.#standing = standing
    this.#campaign(standing.signal).catch(this.#options.report)
  }

  /** Lets go at once, whatever is on its way: for a page that may be stopped the next moment. */
  stepDown(): void {
    this.#standing?.abort()
    this.#standing = undefined
  }

  /** Lets go after the store was closed in good order, or when that takes too long. */
  async resign(): Promise<void> {
    const { clock, report } = this.#options
    const asks = this.#asks
    const closing = asks?.ask({ kept: "close" }).catch((error: unknown) => {
      if (!asks.hasEnded) report(error) // A worker that is gone has nothing left to close.
    })
    const cancel = clock.after(DEADLINE, () => this.stepDown()) // That ends the asking.
    await closing
    cancel()
    this.stepDown()
  }

  async #campaign(signal: AbortSignal): Promise<void> {
    const { clock, random, store, failed, origin = hostOrigin } = this.#options
    for (let failures = 0; !signal.aborted; ) {
      let isFine = false
      await (origin.locks as Locks)
        .request(`${store.name} leader`, { signal }, async () => {
          // It may have stepped down after it was given the lock, and before it hears of that.
          if (!signal.aborted) isFine = await this.#reign(this.#startWorker(), signal)
        })
        .catch((error: unknown) => {
          if (!signal.aborted) failed(StoreError.is(error) ? error : noLock(error))
        })
      if (signal.aborted) return
      failures = isFine ? 0 : failures + 1
      // After a failure another tab may try first.
      if (!isFine) await until(signal, (done) => clock.after(backoff(failures - 1, random), done))
    }
  }

  /** Keeps the store, until the signal fires, the worker dies or the storage fails. Whether all was fine. */
  async #reign(worker: Worker, signal: AbortSignal): Promise<boolean> {
    const { store, clock, elected, leads, resigned, failed, report } = this.#options
    const { origin = hostOrigin } = this.#options
    const life = `${store.name} worker ${newEpoch()}`
    const reign = new AbortController()
    const end = () => reign.abort()
    signal.addEventListener("abort", end)
    let isFine = true
    const asks = new Asks<KeptRequest>(worker, (message) => {
      const news = message as KeptNews
      if ("report" in news) report(StoreError.from(news.report))
      else if ("shows" in news) {
        const ended = () => {
          asks.end("The storage worker has ended")
          end()
        }
        onLifeEnd(life, reign.signal, ended, origin)
      } else {
        isFine = "gone" in news // Then opening it again is all there is to do.
        if ("failing" in news) failed(StoreError.from(news.failing))
        end()
      }
    })
    const cancel = clock.after(store.patience + DEADLINE, () =>
      asks.end("The storage worker has not opened the storage in time"),
    )
    elected()
    try {
      const opening = asks.ask({ kept: "open", options: { ...store, life } })
      await Promise.race([opening, until(reign.signal)])
      if (reign.signal.aborted) return isFine
      this.#asks = asks
      const facts = (await opening) as KeptFacts
      cancel()
      leads(facts, ownWay(asks, origin))
      await until(reign.signal)
      return isFine
    } catch (error) {
      if (!signal.aborted) failed(StoreError.is(error) ? error : brokenWorker(error))
      return false
    } finally {
      cancel()
      signal.removeEventListener("abort", end)
      end()
      asks.end("This tab no longer leads")
      if (this.#asks === asks) this.#asks = undefined
      resigned()
    }
  }

  #startWorker(): Worker {
    try {
      return this.#options.createWorker()
    } catch (error) {
      throw brokenWorker(error)
    }
  }
}

/** A channel to the store of a worker, by a port for each link. */
function ownWay(asks: Asks<KeptRequest>, origin: Origin): Channel {
  return messagePortChannel(async () => {
    const { port1, port2 } = origin.ports()
    await asks.ask({ kept: "join", port: port2 }, [port2])
    return port1
  })
}

/** Resolves when a signal fires, or, if given, when something has called back. */
function until(signal: AbortSignal, start?: (done: () => void) => () => void): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const cancel = start?.(() => {
      signal.removeEventListener("abort", stop)
      resolve()
    })
    const stop = () => {
      cancel?.()
      resolve()
    }
    signal.addEventListener("abort", stop, { once: true })
  })
}

/** Where a page may store nothing it may have no locks either. */
function noLock(cause: unknown): StoreError {
  const isRefused = cause instanceof DOMException && cause.name === "SecurityError"
  return new StoreError("storage_unavailable", "The browser gives this page no lock", {
    details: { reason: isRefused ? "private" : "failed", error: String(cause) },
    hint: "The browser may be in a private mode, or block storage of this site",
    cause,
  })
}

function brokenWorker(cause: unknown): StoreError {
  return new StoreError("storage_unavailable", "The storage worker could not be started", {
    details: { reason: "failed" },
    hint: "See that the worker's file is served",
    cause,
  })
}
