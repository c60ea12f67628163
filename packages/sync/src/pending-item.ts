import type { BatchResult, OpResult } from "@tidemark/core"
import type { Outcome, StampedBatch } from "@tidemark/core/engine"
import type { Answer, Mutation } from "./message.ts"
import type { OutboxItem } from "./outbox.ts"
import { received, type Sent, sent } from "./sent.ts"

/** A write on its way. */
export interface PendingItem {
  mutation: number
  readonly batch: StampedBatch
  /** What the authority has said, as soon as it has. */
  outcome: Outcome | Bare | undefined
  /** Whether the outbox has it: before that it is not sent. */
  isStored: boolean
  /** The link on which it was first sent; 0 where that was, or may have been, in an earlier run. */
  link: number | undefined
  /** Whether the base has it. */
  processed: boolean
  /** Tells who waits; nobody does for a write of an earlier run. */
  readonly settle: ((outcome: Outcome) => void) | undefined
  /** The items whose effect its writer had seen: it is refused with them. */
  readonly rests: Set<PendingItem>
  /** The items that rest on it. */
  readonly resting: Set<PendingItem>
  /** Whether one on which it rests was refused. */
  isStale: boolean
  /** Whether its refusal was told before the authority has said it. */
  isTold: boolean
}

/** What is known of a write whose results the authority no longer tells. */
export interface Bare {
  readonly applied: true
  readonly seq: number
}

/** What an answer says of a write that was taken. */
export function ackOf({ seq, results }: Extract<Answer, { type: "ack" }>): Outcome | Bare {
  return results === undefined ? { applied: true, seq } : applied(seq, results.map(whole))
}

export function applied(seq: number, results: BatchResult["results"]): Outcome {
  return { applied: true, result: { seq, results } }
}

/** A result as it was before it was sent: JSON leaves out what is undefined. */
function whole(answer: Sent<OpResult>): OpResult {
  const result = received<OpResult>(answer)
  return "existed" in result ? { existed: result.existed, previous: result.previous } : result
}

/** As the outbox has it. */
export function kept(item: PendingItem): OutboxItem {
  return { mutation: item.mutation, batch: plain(item.batch), ...standing(item) }
}

/** As it is sent. What is stale needs nothing but its number. */
export function mutationOf(item: PendingItem): Mutation {
  const { mutation, batch, isStale } = item
  if (isStale) return { mutation, ops: [], stale: true }
  return { mutation, ...plain(batch), ...standing(item) }
}

/** On what it rests that may still be refused. */
function standing({ rests, isStale }: PendingItem): Pick<OutboxItem, "rests" | "stale"> {
  if (isStale) return { stale: true }
  const open = [...rests].filter(({ outcome }) => outcome === undefined)
  return open.length === 0 ? {} : { rests: open.map(({ mutation }) => mutation) }
}

function plain({ ops, expect, origin, cause, idempotencyKey }: StampedBatch): OutboxItem["batch"] {
  return {
    ops: ops.map(sent),
    ...(expect === undefined ? {} : { expect }),
    ...(origin === undefined ? {} : { origin }),
    ...(cause === undefined ? {} : { cause }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  }
}
