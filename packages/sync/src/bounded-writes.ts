import type { Store } from "@tidemark/core"
import { answerMutate, LAST_ANSWERS } from "./authority.ts"
import type { Authorization } from "./authorization.ts"
import type { Bounds } from "./bounds.ts"
import type { Answer, Mutate } from "./message.ts"
import { checkMutation } from "./message-limits.ts"

/** No replica is asked to come again sooner, in milliseconds: in a while it may write several. */
export const LEAST_WAIT = 1_000

export interface BoundedOptions {
  /** Whether values may have names that reach a prototype. */
  readonly prototypeNames: boolean
  /** Nothing more is committed once it has fired. */
  readonly signal?: AbortSignal
}

/** Takes the first write of a message, before anything is done for it; or says how long to wait, in milliseconds. */
export function waitForFirst({ writes }: Bounds, principal: string): number | undefined {
  return writes.take(principal, 1) === 1 ? undefined : Math.max(LEAST_WAIT, writes.wait(principal))
}

/** Takes the bytes of a message, or says how long to wait, in milliseconds. */
export function waitForBytes(
  { bytes }: Bounds,
  principal: string,
  size: number,
): number | undefined {
  if (bytes.spend(principal, size)) return undefined
  return Math.max(LEAST_WAIT, bytes.wait(principal))
}

/** How many mutations of a message may be processed, the first of which was taken already. */
export function grantedOf({ writes }: Bounds, principal: string, { mutations }: Mutate): number {
  return 1 + writes.take(principal, Math.max(0, mutations.length - 1))
}

/** Processes so many mutations of a message, and says when to go on with the others. */
export async function answerWithin(
  store: Store,
  authorization: Authorization,
  message: Mutate,
  granted: number,
  bounds: Bounds,
  { prototypeNames, ...options }: BoundedOptions,
): Promise<readonly Answer[]> {
  const { limits, writes } = bounds
  const { mutations } = message
  const part = { ...message, mutations: mutations.slice(0, granted) }
  const answers = await answerMutate(store, authorization, part, {
    check: (one) => checkMutation(one, limits, prototypeNames),
    limits,
    ...options,
  })
  const isCut = granted < mutations.length && answers.length === granted
  const last = answers.at(-1)
  if (!isCut || (last !== undefined && LAST_ANSWERS.includes(last.type))) return answers
  const afterMs = Math.max(LEAST_WAIT, writes.wait(authorization.principal))
  return [...answers, { type: "retry", afterMs }]
}
