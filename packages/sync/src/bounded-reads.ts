import type { Store } from "@tidemark/core"
import type { Authorization } from "./authorization.ts"
import { patience } from "./bounded-writes.ts"
import type { Bounds } from "./bounds.ts"
import type { Ask, ReadAnswer } from "./read.ts"
import { type Answering, answerAsk } from "./reads.ts"

/** So many questions of a conversation, or of a request, are answered at once; each may take a megabyte. */
export const AT_ONCE = 8

/** What answers as many questions of a message as the principal has left, and says when to ask the others again. */
export function answerAskWithin(
  store: Store,
  authorization: Authorization,
  { asks, ...message }: Ask,
  bounds: Bounds,
): readonly Answering[] {
  const { principal } = authorization
  const granted = bounds.asks.take(principal, asks.length)
  const answers = answerAsk(store, authorization, { ...message, asks: asks.slice(0, granted) })
  const later = asksLater(asks.slice(granted), bounds.asks.wait(principal))
  return [...answers, ...later.map((answer) => async () => answer)]
}

/** Asks to be asked again, not too soon. */
export function asksLater(asks: Ask["asks"], ms: number): readonly ReadAnswer[] {
  const afterMs = patience(ms)
  return asks.map(({ id }) => ({ type: "answer", id, afterMs }))
}
