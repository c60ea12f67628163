import type { Store } from "@tidemark/core"
import { recheck, turnedAway } from "./access.ts"
import type { Authorization } from "./authorization.ts"
import type { Bounds } from "./bounds.ts"
import { eventStream, STREAM } from "./event-stream.ts"
import { feedOf } from "./feed.ts"
import { heartbeats } from "./heartbeats.ts"
import { failed, later, refusal, refusalOfStream } from "./http-answers.ts"
import type { HandlerOptions, StoreOf } from "./http-handler.ts"
import { helloOf } from "./http-hello.ts"
import { HttpWrites } from "./http-writes.ts"
import { mostOf } from "./portions.ts"
import { checkSite, type SiteOptions } from "./same-site.ts"
import { UnderWay } from "./under-way.ts"

/** How long who found no place should wait, in milliseconds. */
const NO_PLACE = 5_000

/** The options of a handler, with all defaults. */
export type HttpOptions = Required<Omit<HandlerOptions, "hosts" | "limits">> &
  SiteOptions & { readonly bounds: Bounds }

/** A principal, and the store that it may enter. */
interface Entered {
  readonly authorization: Authorization
  readonly store: Store
}

/** An authority over HTTP: who asks is known and within its limits before anything is done for it. */
export class HttpAuthority {
  readonly #storeOf: StoreOf
  readonly #options: HttpOptions
  readonly #writes: HttpWrites
  readonly #underWay: UnderWay

  constructor(storeOf: StoreOf, options: HttpOptions) {
    const { clock, grace } = options
    this.#storeOf = storeOf
    this.#options = options
    this.#underWay = new UnderWay(clock, grace)
    this.#writes = new HttpWrites(options, this.#underWay.cut)
  }

  async answer(request: Request): Promise<Response> {
    const end = this.#underWay.begin()
    if (end === undefined) return later(503, NO_PLACE)
    try {
      return await this.#answer(request)
    } catch (error) {
      const told = request.method === "GET" ? refusalOfStream(error) : refusal(error)
      if (told === undefined) this.#options.onError(error)
      return told ?? failed()
    } finally {
      end()
    }
  }

  close(): Promise<void> {
    return this.#underWay.close()
  }

  async #answer(request: Request): Promise<Response> {
    const { method } = request
    if (method !== "GET" && method !== "POST") {
      return new Response(null, { status: 405, headers: { allow: "GET, POST" } })
    }
    checkSite(request, this.#options)
    const { authorization, store } = (await this.#enter(request)) ?? {}
    if (authorization === undefined || store === undefined) throw turnedAway()
    return method === "GET"
      ? this.#follow(store, authorization, request)
      : this.#writes.answer(store, authorization, request)
  }

  /** Who asks, and the store that it asks for, where it may. */
  async #enter(request: Request): Promise<Entered | undefined> {
    const authorization = await this.#options.authorize(request)
    if (authorization === undefined) return undefined
    const store = await this.#storeOf(request, authorization)
    return store && { authorization, store }
  }

  #follow(store: Store, authorization: Authorization, request: Request): Response {
    const { principal } = authorization
    const hello = helloOf(request)
    const { opens, streams, limits } = this.#options.bounds
    if (opens.take(principal, 1) === 0) return later(429, opens.wait(principal))
    const release = streams.take(principal)
    if (typeof release === "string") return later(release === "each" ? 429 : 503, NO_PLACE)
    const finish = this.#underWay.begin()
    if (finish === undefined) {
      release()
      return later(503, NO_PLACE)
    }
    const ended = new AbortController()
    const { closing, cut } = this.#underWay
    const { heartbeat, clock, recheck: every } = this.#options
    const stillMay = async () => {
      const entered = await this.#enter(request)
      return entered && { ...entered.authorization, store: entered.store }
    }
    const known = { ...authorization, store }
    // Who may still follow comes again at once, and who may not is turned away then.
    const leave = recheck(known, stillMay, { clock, every, ended: () => ended.abort() })
    const feed = feedOf(store, authorization, hello, ended.signal, closing)
    const stream = eventStream(
      heartbeats(feed, clock, heartbeat, mostOf(limits.body, limits.mutations)),
      {
        clock,
        stall: limits.stall,
        cuts: [cut, request.signal],
        end: () => {
          leave()
          ended.abort()
          release()
          finish()
        },
      },
    )
    return new Response(stream, {
      headers: STREAM,
    })
  }
}
