import { type Store, StoreError } from "@tidemark/core"
import { type AnswerOptions, answerMutate, LAST_ANSWERS } from "./authority.ts"
import type { Authorization } from "./authorization.ts"
import type { Bounds } from "./bounds.ts"
import type { Answer, Mutate, Mutation } from "./message.ts"
import { checkMutation } from "./message-limits.ts"

/** No replica is asked to come again sooner, in milliseconds: in a while it may write several. */
export const LEAST_WAIT = 1_000

/** Nor later: where nothing is saved up any more, it would never come. */
const LONGEST_WAIT = 60_000

export interface AdmitOptions {
  readonly bounds: Bounds
  /** Of the message, in bytes. */
  readonly size: number
  /** Whether values may have names that reach a prototype. */
  readonly prototypeNames: boolean
  /** Nothing more is committed once it has fired. */
  readonly signal?: AbortSignal
}

/** How long who has nothing left is asked to wait, in milliseconds. */
export function patience(ms: number): number {
  return Math.min(LONGEST_WAIT, Math.max(LEAST_WAIT, ms))
}

/** Takes the first write of a message, before anything is done for it; or says how long to wait, in milliseconds. */
export function waitForFirst({ writes }: Bounds, principal: string): number | undefined {
  return writes.take(principal, 1) === 1 ? undefined : patience(writes.wait(principal))
}

/** Takes the bytes of a message, or says how long to wait, in milliseconds. */
export function waitForBytes(
  { bytes }: Bounds,
  principal: string,
  size: number,
): number | undefined {
  return bytes.spend(principal, size) ? undefined : patience(bytes.wait(principal))
}

/** Takes one of the clients that a principal may begin; or says how long to wait, in milliseconds. */
function waitForClient({ clients }: Bounds, principal: string): number | undefined {
  return clients.take(principal, 1) === 1 ? undefined : patience(clients.wait(principal))
}

/** What is written again by a touch counts as if it had been sent: a few bytes may name a large entry. */
function renewalWithin(
  { limits, bytes }: Bounds,
  principal: string,
): Pick<AnswerOptions, "renewed"> {
  if (limits.bytesEach === Number.POSITIVE_INFINITY) return {}
  return {
    renewed(size) {
      if (size > limits.bytesSaved) {
        throw new StoreError(
          "quota_exceeded",
          `The touches of a write take ${size} bytes together`,
          {
            details: { name: "bytesSaved", limit: limits.bytesSaved },
            hint: "Touch less at once",
          },
        )
      }
      if (size === 0 || bytes.spend(principal, size)) return
      throw new StoreError("busy", "The principal has used up its bytes", { hint: "Wait" })
    },
  }
}

/**
 * Takes what the principal has left for a message, of which the first write was taken already. Gives
 * what processes as much of it, and says when to go on with the others; or how long to wait, in
 * milliseconds.
 */
export function admit(
  store: Store,
  authorization: Authorization,
  message: Mutate,
  { bounds, size, prototypeNames, ...options }: AdmitOptions,
): number | (() => Promise<readonly Answer[]>) {
  const { limits, writes } = bounds
  const { principal } = authorization
  const owing = waitForBytes(bounds, principal, size)
  if (owing !== undefined) return owing
  const { mutations } = message
  const granted = 1 + writes.take(principal, Math.max(0, mutations.length - 1))
  const part = { ...message, mutations: mutations.slice(0, granted) }
  return async () => {
    const answers = await answerMutate(store, authorization, part, {
      check: (one: Mutation) => checkMutation(one, limits, prototypeNames),
      limits,
      ...options,
      waitForClient: () => waitForClient(bounds, principal),
      ...renewalWithin(bounds, principal),
    })
    const isCut = granted < mutations.length && answers.length === granted
    const last = answers.at(-1)
    if (!isCut || (last !== undefined && LAST_ANSWERS.includes(last.type))) return answers
    return [...answers, { type: "retry", afterMs: patience(writes.wait(principal)) }]
  }
}
