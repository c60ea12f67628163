import { StoreError } from "@tidemark/core"
import { type Advance, type Engine, type EngineListener, freezeJson } from "@tidemark/core/engine"
import { arrived, departing } from "./crossing.ts"
import type {
  EngineCall,
  EngineRole,
  OutcomeRecord,
  WorkerReply,
  WorkerRequest,
} from "./engine-calls.ts"
import type { ReplicaStorage } from "./replica.ts"

export interface OpfsOptions {
  /** The folder in the origin's private file system, one for each store. Default `"tidemark"`. */
  readonly directory?: string
  /** Starts the worker, where the bundler wants it another way. */
  readonly createWorker?: () => Worker
}

/**
 * Opens storage for a replica in the browser: SQLite on the origin private file system, in a
 * worker. One tab can hold it at a time.
 *
 * @example
 * const store = connect(httpChannel("/api/tidemark"), { kinds, storage: await openOpfs() })
 * @throws StoreError `storage_unavailable` (no OPFS, private mode, another tab), `corrupt`.
 */
export async function openOpfs(options: OpfsOptions = {}): Promise<ReplicaStorage> {
  const { directory = "tidemark", createWorker = defaultWorker } = options
  if (navigator.storage?.getDirectory === undefined) {
    throw new StoreError("storage_unavailable", "This browser has no private file system here", {
      hint: "Serve the page from localhost or over HTTPS",
    })
  }
  const calls = new WorkerCalls(createWorker())
  await calls.send({ start: { directory } }).catch((error) => {
    calls.end()
    throw error
  })
  return { base: calls.engine("base"), outbox: calls.engine("outbox") }
}

/** The bundled worker beside this file; bundlers follow this very expression. */
function defaultWorker(): Worker {
  return new Worker(new URL("./opfs-worker.js", import.meta.url), { type: "module" })
}

type Unnumbered<T> = T extends unknown ? Omit<T, "id"> : never

/** The calls that are under way to a worker. */
class WorkerCalls {
  readonly #worker: Worker
  readonly #waiting = new Map<
    number,
    { resolve(value: unknown): void; reject(error: unknown): void }
  >()
  readonly #listeners = new Map<EngineRole, EngineListener>()
  readonly #open = new Set<EngineRole>(["base", "outbox"])
  #lastId = 0

  constructor(worker: Worker) {
    this.#worker = worker
    worker.addEventListener("message", ({ data }: MessageEvent<WorkerReply>) => this.#receive(data))
    worker.addEventListener("error", (event) => this.#fail(event.message))
  }

  send(request: Unnumbered<WorkerRequest>): Promise<unknown> {
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage({ id, ...request })
    })
  }

  /** An engine of the worker, as one that answers later. */
  engine(role: EngineRole): Engine {
    const call =
      (name: EngineCall) =>
      async (...parameters: readonly unknown[]): Promise<never> =>
        freezeJson(
          arrived(
            await this.send({ engine: role, call: name, parameters: parameters.map(departing) }),
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
        await this.send({ engine: role, call: "close", parameters: [] })
        this.#open.delete(role)
        if (this.#open.size === 0) this.end()
      },
    }
  }

  end(): void {
    this.#worker.terminate()
  }

  #receive(message: WorkerReply): void {
    if ("advance" in message) {
      return this.#listeners
        .get(message.engine)
        ?.advance(freezeJson(arrived(message.advance)) as Advance)
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if ("error" in message) waiting?.reject(StoreError.from(message.error))
    else waiting?.resolve(message.value)
  }

  #fail(reason: string): void {
    const error = new StoreError(
      "storage_unavailable",
      `The storage worker failed: ${reason || "it did not load"}`,
    )
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
