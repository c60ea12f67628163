import { type Kinds, type Store, StoreError, systemClock } from "@tidemark/core"
import { type Awaitable, storedFacts } from "@tidemark/core/engine"
import { answerMutate } from "./authority.ts"
import type { Authorization } from "./authorization.ts"
import { eventStream } from "./event-stream.ts"
import { feedOf } from "./feed.ts"
import { HEARTBEAT, heartbeats } from "./heartbeats.ts"
import { type Hello, type Mutate, parseClientMessage } from "./message.ts"
import { readBody } from "./read-body.ts"

export interface HandlerOptions {
  /** Who asks, and what it may do; `undefined` turns it away. There is no default. */
  readonly authorize: (request: Request) => Awaitable<Authorization | undefined>
  /** Origins that may ask besides the server's own, such as `"https://app.example"`. */
  readonly origins?: readonly string[]
  /** The largest body of a POST, in bytes. Default 4 MiB. */
  readonly maxBody?: number
  /** How often a quiet stream shows that it is alive, in milliseconds. Default 15,000. */
  readonly heartbeat?: number
  /** Hears of failures that are the server's own. */
  readonly onError?: (error: unknown) => void
}

/**
 * Lets browsers and other processes follow a store and write to it, over HTTP: a web-standard
 * handler for Next, Hono, Bun, Deno, or `listen` on Node.
 *
 * @throws StoreError `unsupported` for what is not a store that was opened here.
 * @example
 * const handler = createHandler(store, { authorize: (request) => userOf(request) })
 * export { handler as GET, handler as POST }
 */
export function createHandler<K extends Kinds>(
  given: Store<K>,
  options: HandlerOptions,
): (request: Request) => Promise<Response> {
  storedFacts(given) // Refused now, and not with the first request.
  // What travels is checked by the store itself; here its values are unknown.
  const store = given as unknown as Store
  return async (request) => {
    try {
      checkOrigin(request, options.origins ?? [])
      const authorization = await options.authorize(request)
      if (authorization === undefined)
        throw new StoreError("unauthorized", "The server turned the request away")
      if (request.method === "GET") return follow(store, authorization, request, options)
      if (request.method === "POST") return await mutate(store, authorization, request, options)
      return new Response(null, { status: 405, headers: { allow: "GET, POST" } })
    } catch (error) {
      return failure(error, options)
    }
  }
}

function follow(
  store: Store,
  authorization: Authorization,
  request: Request,
  options: HandlerOptions,
): Response {
  const hello = parseClientMessage({ type: "hello", ...helloOf(request) }) as Hello
  const ended = new AbortController()
  request.signal.addEventListener("abort", () => ended.abort())
  const { heartbeat = HEARTBEAT } = options
  const feed = feedOf(store, authorization, hello, ended.signal)
  const body = eventStream(heartbeats(feed, systemClock, heartbeat), {
    heartbeat,
    end: () => ended.abort(),
  })
  return new Response(body, {
    headers: {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store, no-transform",
      "x-accel-buffering": "no",
    },
  })
}

async function mutate(
  store: Store,
  authorization: Authorization,
  request: Request,
  options: HandlerOptions,
): Promise<Response> {
  // A form cannot send this type, so no foreign page can write without asking the browser first.
  if (!request.headers.get("content-type")?.startsWith("application/json")) {
    return new Response(null, { status: 415 })
  }
  const message = parseClientMessage(
    parseJson(await readBody(request, options.maxBody ?? 4 * 1024 * 1024)),
  )
  if (message.type !== "mutate")
    throw new StoreError("invalid_value", "A POST carries a mutate message")
  return Response.json(await answerMutate(store, authorization, message as Mutate), {
    headers: { "cache-control": "no-store" },
  })
}

/** The hello of a stream; an EventSource that comes back says in a header where it stood. */
function helloOf(request: Request): object {
  const hello = parseJson(new URL(request.url).searchParams.get("hello") ?? "") as object
  const last = request.headers.get("last-event-id")
  return last === null ? hello : { ...hello, position: Number(last) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StoreError("invalid_value", "The message is no JSON", { cause })
  }
}

function checkOrigin(request: Request, origins: readonly string[]): void {
  const origin = request.headers.get("origin")
  if (origin === null || origins.includes(origin)) return
  const own =
    request.headers.get("x-forwarded-host") ??
    request.headers.get("host") ??
    new URL(request.url).host
  if (URL.canParse(origin) && new URL(origin).host === own) return
  throw new StoreError("unauthorized", `Requests from ${origin} are not accepted`)
}

const STATUS: Partial<Record<StoreError["code"], number>> = {
  unauthorized: 403,
  invalid_value: 400,
  quota_exceeded: 413,
}

function failure(error: unknown, options: HandlerOptions): Response {
  const status = (StoreError.is(error) ? STATUS[error.code] : undefined) ?? 500
  if (status === 500) options.onError?.(error)
  const told =
    StoreError.is(error) && status !== 500 ? error.toJSON() : { code: "storage_unavailable" }
  return Response.json(told, { status, headers: { "cache-control": "no-store" } })
}
