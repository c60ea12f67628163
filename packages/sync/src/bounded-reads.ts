import type { Store } from "@tidemark/core"
import type { Authorization } from "./authorization.ts"
import { LEAST_WAIT } from "./bounded-writes.ts"
import type { Bounds } from "./bounds.ts"
import type { Ask, ReadAnswer } from "./read.ts"
import { answerAsk } from "./reads.ts"

/** Answers as many questions of a message as the principal has left, and says when to ask the others again. */
export function answerAskWithin(
  store: Store,
  authorization: Authorization,
  { asks, ...message }: Ask,
  bounds: Bounds,
): readonly Promise<ReadAnswer>[] {
  const { principal } = authorization
  const granted = bounds.asks.take(principal, asks.length)
  const answers = answerAsk(store, authorization, { ...message, asks: asks.slice(0, granted) })
  if (granted === asks.length) return answers
  return [...answers, ...asksLater(asks.slice(granted), bounds.asks.wait(principal))]
}

/** Asks to be asked again, not too soon. */
export function asksLater(asks: Ask["asks"], ms: number): readonly Promise<ReadAnswer>[] {
  const afterMs = Math.max(LEAST_WAIT, ms)
  return asks.map(async ({ id }): Promise<ReadAnswer> => ({ type: "answer", id, afterMs }))
}
