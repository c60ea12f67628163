import { StoreError } from "@tidemark/core"
import {
  type Advance,
  type Engine,
  type EngineListener,
  freezeJson,
  newEpoch,
} from "@tidemark/core/engine"
import { Asks } from "./asks.ts"
import { arrived, departing } from "./crossing.ts"
import type {
  EngineCall,
  EngineNews,
  EngineRequest,
  EngineRole,
  OutcomeRecord,
} from "./engine-calls.ts"
import { onLifeEnd } from "./life-sign.ts"
import type { ReplicaStorage } from "./replica-options.ts"
import { startWorker } from "./start-worker.ts"

export { type BrowserStore, type BrowserStoreOptions, openBrowserStore } from "./browser-store.ts"

export interface OpfsOptions {
  /** The folder in the origin's private file system, one for each store. Default `"tidemark"`. */
  readonly directory?: string
  /** How long to wait for storage that another tab, or one that just ends, still holds, in milliseconds. Default 0. */
  readonly patience?: number
  /** Starts the worker, where the bundler wants it another way. */
  readonly createWorker?: () => Worker
}

/**
 * Opens storage for a replica in the browser: SQLite on the origin private file system, in a
 * worker. One tab can hold it at a time.
 *
 * @example
 * const store = connect(httpChannel("/api/tidemark"), { kinds, storage: await openOpfs() })
 * @throws StoreError `storage_unavailable` with `details.reason`: `"unsupported"`, `"private"`,
 * `"locked"` (another tab has it), `"full"` or `"failed"`; `corrupt`.
 */
export async function openOpfs(options: OpfsOptions = {}): Promise<ReplicaStorage> {
  const { directory = "tidemark", patience = 0, createWorker = startWorker } = options
  if (navigator.storage?.getDirectory === undefined) {
    throw new StoreError("storage_unavailable", "This browser has no private file system here", {
      details: { reason: "unsupported" },
      hint: "Serve the page from localhost or over HTTPS",
    })
  }
  const calls = new WorkerCalls(createWorker())
  await calls.start(directory, patience)
  return { base: calls.engine("base"), outbox: calls.engine("outbox") }
}

/** The engines of a worker. */
class WorkerCalls {
  readonly #asks: Asks<EngineRequest>
  readonly #listeners = new Map<EngineRole, EngineListener>()
  readonly #open = new Set<EngineRole>(["base", "outbox"])
  readonly #life = `tidemark:storage worker ${newEpoch()}`
  readonly #ending = new AbortController()

  constructor(worker: Worker) {
    this.#asks = new Asks(worker, (message) => this.#hear(message as EngineNews))
  }

  async start(directory: string, patience: number): Promise<void> {
    try {
      await this.#asks.ask({ start: { directory, patience, life: this.#life } })
    } catch (error) {
      this.#end()
      throw error
    }
  }

  /** An engine of the worker, as one that answers later. */
  engine(role: EngineRole): Engine {
    const call =
      (name: EngineCall) =>
      async (...parameters: readonly unknown[]): Promise<never> =>
        freezeJson(
          arrived(
            await this.#asks.ask({
              engine: role,
              call: name,
              parameters: parameters.map(departing),
            }),
          ),
        ) as never
    return {
      name: "sqlite-wasm",
      storage: "opfs",
      durability: role === "outbox" ? "full" : "process",
      gaps: { equality: "what a kind declares stays outside of the worker" },
      // The clock and the declared kinds stay here: a replica's base and outbox need neither.
      open: (listener) => {
        this.#listeners.set(role, listener)
        return call("open")()
      },
      commit: async (batches) => {
        const outcomes = (await call("commit")(batches)) as readonly OutcomeRecord[]
        return outcomes.map((outcome) =>
          outcome.applied ? outcome : { applied: false, error: StoreError.from(outcome.error) },
        )
      },
      ingest: call("ingest"),
      place: call("place"),
      row: call("row"),
      scan: call("scan"),
      count: call("count"),
      seek: () => undefined,
      tally: () => undefined,
      kinds: call("kinds"),
      snapshot: call("snapshot"),
      usage: call("usage"),
      expiring: call("expiring"),
      changes: call("changes"),
      since: call("since"),
      history: call("history"),
      prune: call("prune"),
      check: call("check"),
      backup: call("backup"),
      close: async () => {
        await this.#asks.ask({ engine: role, call: "close", parameters: [] })
        this.#open.delete(role)
        if (this.#open.size === 0) this.#end()
      },
    }
  }

  #hear(news: EngineNews): void {
    if ("shows" in news) {
      // However it ends: it tells nobody, and nobody is to wait for it then.
      onLifeEnd(this.#life, this.#ending.signal, () =>
        this.#asks.end("The storage worker has ended"),
      )
    } else if ("report" in news) {
      this.#listeners.get(news.engine)?.report(StoreError.from(news.report))
    } else {
      this.#listeners.get(news.engine)?.advance(freezeJson(arrived(news.advance)) as Advance)
    }
  }

  #end(): void {
    this.#ending.abort()
    this.#asks.end("The storage was closed")
  }
}
