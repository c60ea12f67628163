import { type ErrorRecord, StoreError } from "@tidemark/core"

/** What is asked, with the number of its answer. */
export type Numbered<Question> = Question & { readonly id: number }

/** What comes back for a question. */
export type Reply =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly error: ErrorRecord }

/** The questions that are under way to a worker. */
export class Asks<Question extends object> {
  readonly #worker: Worker
  readonly #waiting = new Map<
    number,
    { resolve(value: unknown): void; reject(error: unknown): void }
  >()
  #ended: string | undefined
  #lastId = 0

  /** `told` hears of what the worker says without being asked. */
  constructor(worker: Worker, told: (message: unknown) => void) {
    this.#worker = worker
    worker.addEventListener("message", ({ data }: MessageEvent<Reply>) => {
      if ("id" in data) this.#answer(data)
      else told(data)
    })
    // Nobody knows what a worker that has thrown still does: it is not asked again.
    worker.addEventListener("error", (event) =>
      this.end(`The storage worker failed: ${event.message || "it did not load"}`),
    )
    worker.addEventListener("messageerror", () =>
      this.end("The storage worker failed: an answer of it could not be read"),
    )
  }

  /** Whether the worker has ended, or was ended here. */
  get hasEnded(): boolean {
    return this.#ended !== undefined
  }

  /**
   * The answer of the worker, to which what is in `transfer` goes over.
   * @throws StoreError what the worker says, or that it has failed.
   */
  ask(question: Question, transfer: Transferable[] = []): Promise<unknown> {
    if (this.#ended !== undefined) return Promise.reject(failure(this.#ended))
    const id = ++this.#lastId
    return new Promise((resolve, reject) => {
      this.#worker.postMessage({ id, ...question } satisfies Numbered<Question>, transfer)
      this.#waiting.set(id, { resolve, reject })
    })
  }

  /** Ends the worker, and all waiting for it. The first reason stays. */
  end(reason: string): void {
    if (this.#ended !== undefined) return
    this.#ended = reason
    this.#worker.terminate()
    for (const { reject } of this.#waiting.values()) reject(failure(reason))
    this.#waiting.clear()
  }

  #answer(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if ("error" in reply) waiting?.reject(StoreError.from(reply.error))
    else waiting?.resolve(reply.value)
  }
}

function failure(reason: string): StoreError {
  return new StoreError("storage_unavailable", reason, {
    details: { reason: "failed" },
    hint: "Reload the page",
  })
}
