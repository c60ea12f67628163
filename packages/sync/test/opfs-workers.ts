let directories = 0

/** A folder of the private file system that nobody else has. */
export function newDirectory(): string {
  return `opfs-test-${Date.now()}-${++directories}`
}

/** The worker as the package ships it. */
export function bundledWorker(): Worker {
  return new Worker(new URL("../dist/opfs-worker.js", import.meta.url), { type: "module" })
}

/**
 * A worker that is lent to one storage at a time: with SQLite in it, it takes longer to start than
 * a case to run. It hears of its end as a worker does, but goes on.
 */
export class LentWorker {
  readonly #worker = bundledWorker()
  #ending = new AbortController()

  /** The worker for one more storage, once the one before is closed. */
  lend(): Worker {
    const worker = this.#worker
    const { signal } = this.#ending
    return {
      addEventListener: (type: string, listener: EventListener) =>
        worker.addEventListener(type, listener, { signal }),
      postMessage: (message: unknown) => worker.postMessage(message),
      terminate: () => this.#comeBack(),
    } as unknown as Worker
  }

  #comeBack(): void {
    this.#ending.abort()
    this.#ending = new AbortController()
  }
}
