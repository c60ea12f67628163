// Over 250 lines: messages and their schemas stand side by side, so that neither forgets the other.
import {
  type Batch,
  type Change,
  type ErrorRecord,
  type Expectation,
  type Op,
  type OpResult,
  StoreError,
} from "@tidemark/core"
import type { PackedRecord, Row } from "@tidemark/core/engine"
import * as v from "valibot"
import { checkFollow, type Follow, type FollowTarget } from "./follow.ts"
import { names } from "./names.ts"
import type { Most } from "./portions.ts"
import { PROTOCOL } from "./protocol.ts"
import { type Ask, numberedReads, type ReadAnswer } from "./read.ts"
import type { Sent, SentSeen } from "./sent.ts"

/** A batch as it is sent, and kept until it is. */
export interface SentBatch extends Omit<Batch, "ops"> {
  readonly ops: readonly Sent<Op>[]
}

/** One write of a client, numbered without gaps. */
export interface Mutation extends SentBatch {
  /** 1, 2, 3 … of this client. */
  readonly mutation: number
  /** The size in bytes of a write that is too large to be sent, for which this one stands. */
  readonly large?: number
  /** Lower numbers, not answered yet, whose effect its writer had seen: refused with any of them. */
  readonly rests?: readonly number[]
  /** It stands for one that rests on a write which was refused. */
  readonly stale?: true
}

/** Opens a conversation: who follows, and from where. */
export interface Hello {
  readonly type: "hello"
  readonly protocol: number
  /** 32 hexadecimal digits, new for each outbox. */
  readonly client: string
  /** The epoch that `position` belongs to; null for a replica that has nothing yet. */
  readonly epoch: string | null
  readonly position: number
  /** What the authority has said of what the state at `position` shows; null where it has not. */
  readonly view: string | null
  /** What to follow; null for all that the principal may see. */
  readonly follow: Follow
  /** The versions of the schemas that the replica can read, of the kinds that it has declared. */
  readonly schemas: Readonly<Record<string, number>>
}

/** Writes, in order. */
export interface Mutate {
  readonly type: "mutate"
  readonly client: string
  readonly epoch: string
  /** Up to this number the client has each answer, or needs it no more. */
  readonly answered: number
  /** When the client began to write, by the clock of the authority: the `at` of a welcome before its first write. */
  readonly since: number
  /** Whether the client keeps its writes between runs. */
  readonly kept: boolean
  readonly mutations: readonly Mutation[]
}

/** Shows that a replica is alive: its answer to the same from the authority. */
export interface ClientAlive {
  readonly type: "alive"
}

/** What a replica sends. */
export type ClientMessage = Hello | Mutate | Ask | ClientAlive

/** What becomes of a mutation. */
export type Answer =
  /** It is in the log, durably. `results` is missing when the log no longer tells. */
  | {
      readonly type: "ack"
      readonly mutation: number
      readonly seq: number
      readonly results?: readonly Sent<OpResult>[]
    }
  /** It was refused, and the refusal is in the log. */
  | {
      readonly type: "reject"
      readonly mutation: number
      readonly seq: number
      readonly error: ErrorRecord
    }
  /** There is a gap: this one must come first. */
  | { readonly type: "expected"; readonly mutation: number }
  /** The client is not known any more, and could have written this before: it is not processed, now or ever. */
  | { readonly type: "forgotten" }
  /** The authority cannot write now. */
  | { readonly type: "retry"; readonly afterMs: number }

/** What a follower is told. */
export type FeedMessage =
  | {
      readonly type: "welcome"
      readonly epoch: string
      /** Stands for what of the sequence will be told. Another one than the base's comes with a snapshot. */
      readonly view: string
      readonly head: number
      readonly lastMutation: number
      /** The time, by the authority's clock. */
      readonly at: number
      /** What a message with writes may have at most: bytes, mutations. */
      readonly most?: Most
      /** How often the authority shows that it is alive, in milliseconds. */
      readonly heartbeat?: number
    }
  /** Nothing has changed, and the authority is alive. All up to `to` was told; null while a state is on its way. */
  | { readonly type: "alive"; readonly to: number | null }
  /** Another release is needed at one end: this one speaks these versions of the protocol. */
  | {
      readonly type: "incompatible"
      readonly reason: "protocol"
      readonly min: number
      readonly max: number
    }
  /** The replica cannot read what is written to these kinds now: in these versions of their schemas. */
  | {
      readonly type: "incompatible"
      readonly reason: "schemas"
      readonly schemas: Readonly<Record<string, number>>
    }
  | { readonly type: "denied"; readonly error: ErrorRecord }
  /** Whole batches after `from`, up to `to`. */
  | {
      readonly type: "changes"
      readonly epoch: string
      readonly view: string
      readonly from: number
      readonly to: number
      readonly changes: readonly Sent<Change>[]
      /** The client's last mutation that the log has at `to`. */
      readonly lastMutation: number
    }
  /** The position is of another epoch or too old: a snapshot follows. */
  | { readonly type: "reset"; readonly epoch: string }
  | {
      readonly type: "snapshot"
      readonly epoch: string
      readonly view: string
      readonly to: number
      readonly part: number
      readonly last: boolean
      /** How many rows all parts have together. */
      readonly total: number
      readonly rows: readonly Sent<Row>[]
      readonly lastMutation: number
    }

/** What an authority sends. */
export type ServerMessage = FeedMessage | Answer | ReadAnswer

const text = v.string()
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const client = v.pipe(text, v.regex(/^[0-9a-f]{32}$/))

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const codec = { codec: text, schema: v.pipe(count, v.minValue(1)) }
const packed: v.GenericSchema<unknown, PackedRecord> = v.union([
  v.strictObject({ ...codec, text }),
  v.strictObject({ ...codec, base64: v.pipe(text, v.regex(BASE64)) }),
])

const seen: v.GenericSchema<unknown, SentSeen> = v.pipe(
  v.strictObject({ value: v.exactOptional(v.unknown()), packed: v.exactOptional(packed) }),
  v.check((one) => !("value" in one && "packed" in one), "It has a value, a packed one, or none"),
)

const op: v.GenericSchema<unknown, Sent<Op>> = v.variant("type", [
  v.pipe(
    v.strictObject({
      type: v.literal("set"),
      kind: text,
      key: text,
      value: v.exactOptional(v.unknown()),
      packed: v.exactOptional(packed),
      expiresAt: v.exactOptional(v.number()),
      over: v.exactOptional(seen),
    }),
    v.check((set) => "value" in set !== "packed" in set, "A set has a value or a packed one"),
  ),
  v.strictObject({ type: v.literal("delete"), kind: text, key: text }),
  v.strictObject({
    type: v.literal("touch"),
    kind: text,
    key: text,
    expiresAt: v.exactOptional(v.number()),
  }),
  v.strictObject({ type: v.literal("expire"), kind: text, key: text }),
])

const expectation: v.GenericSchema<unknown, Expectation> = v.union([
  v.strictObject({
    kind: text,
    key: text,
    version: v.union([count, v.literal("absent"), v.literal("present")]),
  }),
  v.strictObject({ kind: text, unchangedSince: count }),
  v.strictObject({
    quota: v.strictObject({
      scope: text,
      keys: v.exactOptional(count),
      kinds: v.exactOptional(count),
      bytes: v.exactOptional(count),
    }),
  }),
])

const mutation: v.GenericSchema<unknown, Mutation> = v.strictObject({
  mutation: v.pipe(count, v.minValue(1)),
  ops: v.array(op),
  expect: v.exactOptional(v.array(expectation)),
  origin: v.exactOptional(text),
  cause: v.exactOptional(text),
  idempotencyKey: v.exactOptional(text),
  large: v.exactOptional(count),
  rests: v.exactOptional(v.array(v.pipe(count, v.minValue(1)))),
  stale: v.exactOptional(v.literal(true)),
})

const target = v.strictObject({
  kind: text,
  prefix: v.exactOptional(text),
  where: v.exactOptional(names),
  hold: v.exactOptional(v.boolean()),
}) as unknown as v.GenericSchema<unknown, FollowTarget>

const follow: v.GenericSchema<unknown, readonly FollowTarget[]> = v.pipe(
  v.array(target),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    try {
      checkFollow(dataset.value)
    } catch (error) {
      addIssue({ message: (error as Error).message })
    }
  }),
)

const schemas = v.pipe(
  names,
  v.check(
    (versions) =>
      Object.values(versions).every(
        (version) => Number.isInteger(version) && (version as number) > 0,
      ),
    "A version of a schema is 1, 2, 3 …",
  ),
) as v.GenericSchema<unknown, Hello["schemas"]>

const clientMessage: v.GenericSchema<unknown, ClientMessage> = v.variant("type", [
  v.strictObject({
    type: v.literal("hello"),
    protocol: count,
    client,
    epoch: v.nullable(text),
    position: count,
    view: v.nullable(text),
    follow: v.nullable(follow),
    schemas,
  }),
  v.strictObject({
    type: v.literal("mutate"),
    client,
    epoch: text,
    answered: count,
    since: v.number(),
    kept: v.boolean(),
    mutations: v.array(mutation),
  }),
  v.strictObject({ type: v.literal("ask"), follow: v.nullable(follow), asks: numberedReads }),
  v.strictObject({ type: v.literal("alive") }),
])

/**
 * Checks a message that came from outside.
 *
 * @throws StoreError `invalid_value` that names the part which is wrong; `protocol_mismatch` for a
 * hello of another version, whatever else it says.
 */
export function parseClientMessage(data: unknown): ClientMessage {
  checkProtocol(data)
  const parsed = v.safeParse(clientMessage, data, { abortEarly: true })
  if (parsed.success) return parsed.output
  const issue = parsed.issues[0]
  throw new StoreError("invalid_value", `The message cannot be read: ${issue.message}`, {
    details: { path: v.getDotPath(issue) },
    hint: `Speak protocol ${PROTOCOL}`,
  })
}

/** What to answer to a hello of another version. */
export const OTHER_PROTOCOL: FeedMessage = {
  type: "incompatible",
  reason: "protocol",
  min: PROTOCOL,
  max: PROTOCOL,
}

function checkProtocol(data: unknown): void {
  const parsed = v.safeParse(anyHello, data)
  if (!parsed.success || parsed.output.protocol === PROTOCOL) return
  throw new StoreError(
    "protocol_mismatch",
    `Protocol ${parsed.output.protocol} is not spoken here, but ${PROTOCOL}`,
  )
}

/** What every version of the protocol has in common. */
const anyHello = v.object({ type: v.literal("hello"), protocol: count })
