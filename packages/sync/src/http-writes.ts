import { type Store, StoreError } from "@tidemark/core"
import { Allowance } from "./allowance.ts"
import { answerMutate } from "./authority.ts"
import type { Authorization } from "./authorization.ts"
import { answered, later } from "./http-answers.ts"
import type { HttpOptions } from "./http-authority.ts"
import { type Mutate, parseClientMessage } from "./message.ts"
import { checkFrame, checkMutation } from "./message-limits.ts"
import { parseJson } from "./parse-json.ts"
import { readBody } from "./read-body.ts"
import { Seats } from "./seats.ts"

/** No replica is asked to come again sooner, in milliseconds: in a while it may write several. */
const LEAST_WAIT = 1_000

/** The requests with writes, each within the limits of its principal. */
export class HttpWrites {
  readonly #options: HttpOptions
  readonly #cut: AbortSignal
  readonly #posts: Seats
  readonly #writes: Allowance

  /** `cut` ends the reading of bodies. */
  constructor(options: HttpOptions, cut: AbortSignal) {
    const { clock, limits } = options
    this.#options = options
    this.#cut = cut
    this.#posts = new Seats(Number.POSITIVE_INFINITY, limits.postsEach)
    this.#writes = new Allowance(clock, limits.writesEach, limits.writesSaved)
  }

  async answer(store: Store, authorization: Authorization, request: Request): Promise<Response> {
    // A form cannot send this type, so no foreign page can write without asking the browser first.
    if (!isJson(request)) return new Response(null, { status: 415 })
    const { principal } = authorization
    // Before anything is read: who has used up its writes costs no more than this.
    if (this.#writes.take(principal, 1) === 0) return later(429, this.#wait(principal))
    const release = this.#posts.take(principal)
    if (typeof release === "string") return later(429, LEAST_WAIT)
    try {
      return await this.#mutate(store, authorization, await this.#read(request))
    } finally {
      release()
    }
  }

  async #read(request: Request): Promise<Mutate> {
    const { clock, limits } = this.#options
    const { body: size, bodyTime: time } = limits
    const data = parseJson(await readBody(request, { size, time, clock, signal: this.#cut }))
    checkFrame(data)
    const message = parseClientMessage(data)
    if (message.type !== "mutate")
      throw new StoreError("invalid_value", "A POST carries a mutate message")
    if (message.mutations.length <= limits.mutations) return message
    throw new StoreError("quota_exceeded", `A message may have ${limits.mutations} mutations`, {
      details: { limit: limits.mutations },
      hint: "Send fewer writes at once",
    })
  }

  /** Processes as many mutations as the principal has left, and says when to go on with the others. */
  async #mutate(store: Store, authorization: Authorization, message: Mutate): Promise<Response> {
    const { principal } = authorization
    const { limits, prototypeNames } = this.#options
    const { mutations } = message
    const more = Math.max(0, mutations.length - 1)
    const granted = 1 + this.#writes.take(principal, more)
    const part = { ...message, mutations: mutations.slice(0, granted) }
    const answers = await answerMutate(store, authorization, part, {
      check: (one) => checkMutation(one, limits, prototypeNames),
    })
    const isCut = granted < mutations.length && answers.length === granted
    const [last] = answers.slice(-1)
    if (!isCut || last?.type === "expected" || last?.type === "retry") return answered(answers)
    return answered([...answers, { type: "retry", afterMs: this.#wait(principal) }])
  }

  #wait(principal: string): number {
    return Math.max(LEAST_WAIT, this.#writes.wait(principal))
  }
}

function isJson({ headers }: Request): boolean {
  const [type = ""] = (headers.get("content-type") ?? "").split(";")
  return type.trim().toLowerCase() === "application/json"
}
