import { type Store, StoreError } from "@tidemark/core"
import type { Authorization } from "./authorization.ts"
import { answerAskWithin } from "./bounded-reads.ts"
import { admit, LEAST_WAIT, waitForBytes, waitForFirst } from "./bounded-writes.ts"
import { answered, found, later } from "./http-answers.ts"
import type { HttpOptions } from "./http-authority.ts"
import { type Mutate, parseClientMessage } from "./message.ts"
import { checkFrame, checkNumber } from "./message-limits.ts"
import { parseJson } from "./parse-json.ts"
import type { Ask } from "./read.ts"
import { readBody } from "./read-body.ts"

/** The requests with writes, or with questions about kinds that are not held, each within the limits of its principal. */
export class HttpWrites {
  readonly #options: HttpOptions
  readonly #cut: AbortSignal

  /** `cut` ends the reading of bodies. */
  constructor(options: HttpOptions, cut: AbortSignal) {
    this.#options = options
    this.#cut = cut
  }

  async answer(store: Store, authorization: Authorization, request: Request): Promise<Response> {
    // A form cannot send this type, so no foreign page can write without asking the browser first.
    if (!isJson(request)) return new Response(null, { status: 415 })
    const { principal } = authorization
    const { bounds, prototypeNames } = this.#options
    // Before anything is read: who has used up its writes costs no more than this.
    const wait = waitForFirst(bounds, principal)
    if (wait !== undefined) return later(429, wait)
    const release = bounds.posts.take(principal)
    if (typeof release === "string") return later(429, LEAST_WAIT)
    try {
      const { size, message } = await this.#read(request)
      if (message.type === "ask") return await this.#find(store, authorization, message, size)
      const admitted = admit(store, authorization, message, { bounds, size, prototypeNames })
      return typeof admitted === "number" ? later(429, admitted) : answered(await admitted())
    } finally {
      release()
    }
  }

  async #find(
    store: Store,
    authorization: Authorization,
    message: Ask,
    size: number,
  ): Promise<Response> {
    const { bounds } = this.#options
    const owing = waitForBytes(bounds, authorization.principal, size)
    if (owing !== undefined) return later(429, owing)
    return found(message.asks, answerAskWithin(store, authorization, message, bounds))
  }

  async #read(
    request: Request,
  ): Promise<{ readonly size: number; readonly message: Mutate | Ask }> {
    const { clock, bounds } = this.#options
    const { limits } = bounds
    const { body: size, bodyTime: time } = limits
    const text = await readBody(request, { size, time, clock, signal: this.#cut })
    const data = parseJson(text)
    checkFrame(data)
    const message = parseClientMessage(data)
    if (message.type === "mutate") checkNumber(message, limits)
    if (message.type === "mutate" || message.type === "ask") return { size: text.length, message }
    throw new StoreError("invalid_value", "A POST carries writes or questions")
  }
}

function isJson({ headers }: Request): boolean {
  const [type = ""] = (headers.get("content-type") ?? "").split(";")
  return type.trim().toLowerCase() === "application/json"
}
