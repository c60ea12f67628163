import { StoreError } from "@tidemark/core"
import { EventSourceParserStream } from "eventsource-parser/stream"
import type { Channel, LinkReceiver } from "./channel.ts"
import type { Answer, Hello, Mutate, Mutation, ServerMessage } from "./message.ts"
import { standInFor } from "./portions.ts"
import type { Ask, ReadAnswer } from "./read.ts"

/** So many UTF-16 units of writes go in one request, unless one write has more: at most 3 MiB. */
const LONG = 1024 * 1024

/** So many requests with questions are under way at once. */
const LANES = 3

export interface HttpChannelOptions {
  /** Sent with every request: a token, for instance. Asked anew for each. */
  readonly headers?: () => Record<string, string>
  readonly fetch?: typeof fetch
}

/**
 * The follower's end of `createHandler`: changes come as server-sent events, writes go by POST.
 *
 * @throws StoreError `invalid_value` for what is no address, and for one that says no server where
 * there is no page that it could belong to.
 * @example
 * const store = connect(httpChannel("/api/tidemark"), { kinds })
 */
export function httpChannel(url: string | URL, options: HttpChannelOptions = {}): Channel {
  checkAddress(url, options.fetch)
  return {
    open(receiver) {
      const link = new HttpLink(String(url), options, receiver)
      return {
        send(message) {
          if (message.type === "hello") link.follow(message)
          // A server sees by the connection itself whether somebody listens.
          else if (message.type === "mutate") link.mutate(message)
          else if (message.type === "ask") link.ask(message)
        },
        close: () => link.close(),
      }
    },
  }
}

/** A handler never answers so. */
const STRANGE: readonly number[] = [404, 405, 410]

function noHandler(url: string, answer: string): StoreError {
  return new StoreError(
    "protocol_mismatch",
    `${url} answers with ${answer}, and so no handler of Tidemark`,
    {
      details: { url, answer },
      hint: "Give httpChannel() the address where createHandler() is served",
    },
  )
}

function checkAddress(url: unknown, given: typeof fetch | undefined): void {
  const { location } = globalThis as { readonly location?: { readonly href: string } }
  if (
    url instanceof URL ||
    (typeof url === "string" && (given || URL.canParse(url, location?.href)))
  )
    return
  throw new StoreError("invalid_value", `${JSON.stringify(url)} is no address of a server`, {
    details: { url },
    hint: 'Give all of it where there is no page, as "http://127.0.0.1:8080/api/tidemark"',
  })
}

class HttpLink {
  readonly #url: string
  readonly #options: HttpChannelOptions
  readonly #receiver: LinkReceiver
  readonly #abort = new AbortController()
  #posting: Promise<void> = Promise.resolve()
  readonly #lanes: Promise<void>[] = []
  #asked = 0
  /** Goes on when the authority stops before the end of a message. */
  #round = 0

  constructor(url: string, options: HttpChannelOptions, receiver: LinkReceiver) {
    this.#url = url
    this.#options = options
    this.#receiver = receiver
  }

  /** Follows: one request whose answer does not end. */
  follow(hello: Hello): void {
    this.#read(hello).catch((error) => this.#lost(error))
  }

  /** Sends writes, one request at a time so that none overtakes another. */
  mutate(message: Mutate): void {
    const round = this.#round
    for (const part of partsOf(message)) {
      this.#posting = this.#posting
        .then(async () => {
          // Behind one that was not processed to its end none can be: the replica sends them again.
          if (round === this.#round) await this.#post(part, round)
        })
        .catch((error) => this.#lost(error))
    }
  }

  /** Asks beside the writes, a few requests at a time: a browser opens no more to one server. */
  ask(message: Ask): void {
    const lane = this.#asked++ % LANES
    const before = this.#lanes[lane]
    this.#lanes[lane] = Promise.resolve(before)
      .then(() => this.#ask(message))
      .catch((error) => this.#lost(error))
  }

  close(): void {
    this.#abort.abort()
  }

  async #read(hello: Hello): Promise<void> {
    const { type: _, ...query } = hello
    const separator = this.#url.includes("?") ? "&" : "?"
    const url = `${this.#url}${separator}hello=${encodeURIComponent(JSON.stringify(query))}`
    const response = await this.#request(url, { headers: { accept: "text/event-stream" } })
    const type = response.headers.get("content-type") ?? "nothing"
    if (response.body === null || !type.startsWith("text/event-stream")) {
      await response.body?.cancel()
      throw noHandler(this.#url, type)
    }
    const receiver = this.#receiver
    const alive = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        receiver.heard?.()
        controller.enqueue(chunk)
      },
    })
    const events = response.body
      .pipeThrough(alive)
      .pipeThrough(new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>)
      .pipeThrough(new EventSourceParserStream())
      .getReader()
    for (;;) {
      const { done, value } = await events.read()
      if (done) break
      this.#receive(JSON.parse(value.data) as ServerMessage)
    }
    this.#lost(new Error("The stream has ended"))
  }

  async #post(message: Mutate, round: number): Promise<void> {
    if (round !== this.#round) return
    const body = JSON.stringify(message)
    const response = await this.#send(body)
    if (response === undefined) return
    if (response.status === 413) return this.#postLess(message, body.length, round)
    const answers: readonly Answer[] =
      response.status === 429
        ? [{ type: "retry", afterMs: waitOf(response) }]
        : ((await response.json()) as Answer[])
    if (answers.some(({ type }) => type !== "ack" && type !== "reject")) this.#round++
    for (const answer of answers) this.#receive(answer)
  }

  /** Something on the way takes less than the server has said: a half, or at last not even one write. */
  async #postLess(message: Mutate, size: number, round: number): Promise<void> {
    const { mutations } = message
    const [first] = mutations
    if (mutations.length === 1 && first !== undefined && first.large === undefined)
      return this.#post({ ...message, mutations: [standInFor(first, size)] }, round)
    if (mutations.length < 2) throw new Error("The server takes no request, however small")
    const half = Math.ceil(mutations.length / 2)
    await this.#post({ ...message, mutations: mutations.slice(0, half) }, round)
    await this.#post({ ...message, mutations: mutations.slice(half) }, round)
  }

  async #ask(message: Ask): Promise<void> {
    const response = await this.#send(JSON.stringify(message))
    if (response === undefined) return
    if (response.status === 413) throw new Error("The server takes no question of this size")
    const answers: readonly ReadAnswer[] =
      response.status === 429
        ? message.asks.map(({ id }) => ({ type: "answer", id, afterMs: waitOf(response) }))
        : ((await response.json()) as ReadAnswer[])
    for (const answer of answers) this.#receive(answer)
  }

  async #send(body: string): Promise<Response | undefined> {
    if (this.#abort.signal.aborted) return undefined
    const headers = { "content-type": "application/json" }
    return this.#request(this.#url, { method: "POST", headers, body })
  }

  async #request(url: string, init: RequestInit): Promise<Response> {
    const { headers, fetch: ask = fetch } = this.#options
    const response = await ask(url, {
      ...init,
      headers: { ...init.headers, ...headers?.() },
      signal: this.#abort.signal,
      cache: "no-store",
    })
    if (response.status === 401 || response.status === 403) {
      const error = new StoreError("unauthorized", `The server answered ${response.status}`)
      this.#receive({ type: "denied", error: error.toJSON() })
    }
    if ([413, 429].includes(response.status) && init.method === "POST") return response
    if (STRANGE.includes(response.status)) throw noHandler(this.#url, String(response.status))
    if (!response.ok) throw new Error(`The server answered ${response.status}`)
    return response
  }

  #receive(message: ServerMessage): void {
    if (!this.#abort.signal.aborted) this.#receiver.message(message)
  }

  #lost(reason: unknown): void {
    if (this.#abort.signal.aborted) return
    this.#abort.abort()
    this.#receiver.closed(reason)
  }
}

/** A message as parts for requests of their own, cut where it has become long. */
function* partsOf(message: Mutate): Generator<Mutate, void, undefined> {
  let part: Mutation[] = []
  let length = 0
  for (const mutation of message.mutations) {
    const own = JSON.stringify(mutation).length
    if (part.length > 0 && length + own > LONG) {
      yield { ...message, mutations: part }
      part = []
      length = 0
    }
    part.push(mutation)
    length += own
  }
  yield { ...message, mutations: part }
}

/** How long a server that has had enough asks to wait, in milliseconds. */
function waitOf({ headers }: Response): number {
  const seconds = Number(headers.get("retry-after"))
  return seconds > 0 ? seconds * 1_000 : 1_000
}
