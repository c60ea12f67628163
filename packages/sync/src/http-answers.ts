import { StoreError } from "@tidemark/core"
import { AT_ONCE } from "./bounded-reads.ts"
import { eventOf, STREAM } from "./event-stream.ts"
import { type Answer, OTHER_PROTOCOL } from "./message.ts"
import type { Ask, ReadAnswer } from "./read.ts"
import type { Answering } from "./reads.ts"
import { Turns } from "./turns.ts"

/** So many characters have the answers to the questions of a request, and those that are under way by then. */
const LONG = 8 * 1024 * 1024

const UNSTORED = { "cache-control": "no-store" }

/** Answers of an authority to the mutations of a request. */
export function answered(answers: readonly Answer[]): Response {
  const [first] = answers
  if (first?.type !== "retry") return json(answers, 200)
  return json(answers, 429, { "retry-after": seconds(first.afterMs) })
}

/**
 * Answers to the questions of a request. Once they have become long, the others are to be asked
 * again, in another request.
 */
export async function found(asks: Ask["asks"], answering: readonly Answering[]): Promise<Response> {
  const turns = new Turns(AT_ONCE)
  let length = 0
  const textOf = async (answer: Answering, { id }: Pick<ReadAnswer, "id">) => {
    if (length > LONG)
      return JSON.stringify({ type: "answer", id, afterMs: 0 } satisfies ReadAnswer)
    const text = JSON.stringify(await answer())
    length += text.length
    return text
  }
  const texts = await Promise.all(
    asks.map((ask, index) => turns.take(() => textOf(answering[index] as Answering, ask))),
  )
  const headers = { "content-type": "application/json", ...UNSTORED }
  return new Response(`[${texts.join(",")}]`, { headers })
}

/** An answer that says when to come again. */
export function later(status: 429 | 503, afterMs: number): Response {
  return json([{ type: "retry", afterMs }], status, { "retry-after": seconds(afterMs) })
}

/** What a failure is told as; undefined for one of the server's own, of which nothing is told. */
export function refusal(error: unknown): Response | undefined {
  if (!StoreError.is(error)) return undefined
  const status = STATUS[error.code]
  return status === undefined ? undefined : json(error, status)
}

/** The same where a stream was asked for: a follower of another release is told so in one that it can read. */
export function refusalOfStream(error: unknown): Response | undefined {
  if (!StoreError.is(error, "protocol_mismatch")) return refusal(error)
  return new Response(eventOf(OTHER_PROTOCOL), { headers: STREAM })
}

/** What is told of a failure of the server's own. */
export function failed(): Response {
  return json({ code: "storage_unavailable" }, 500)
}

const STATUS: Partial<Record<StoreError["code"], number>> = {
  unauthorized: 403,
  invalid_value: 400,
  aborted: 408,
  quota_exceeded: 413,
}

function json(body: unknown, status: number, headers: Record<string, string> = {}): Response {
  return Response.json(body, { status, headers: { ...UNSTORED, ...headers } })
}

function seconds(ms: number): string {
  return String(Math.max(1, Math.ceil(ms / 1_000)))
}
