import { type Change, type ErrorRecord, type Query, StoreError } from "@tidemark/core"
import { checkQuery, type Row } from "@tidemark/core/engine"
import * as v from "valibot"
import { type Follow, isSmall } from "./follow.ts"
import { names } from "./names.ts"
import { MOST_ROWS } from "./protocol.ts"
import type { Sent } from "./sent.ts"

/** What may be asked of an authority: each is a read of its store, of kinds that a replica does not hold. */
export type Read =
  /** The row of a key, also of one that was deleted. */
  | { readonly type: "row"; readonly kind: string; readonly key: string; readonly at?: number }
  /** The rows of a kind in the order of keys. */
  | {
      readonly type: "scan"
      readonly kind: string
      readonly prefix?: string
      readonly reverse?: boolean
      readonly after?: string
      readonly limit: number
      readonly at?: number
    }
  /** The first entries that a query finds, in its order. */
  | {
      readonly type: "find"
      readonly kind: string
      readonly query: FoundBy
      readonly limit: number
    }
  /** How many entries a query finds. */
  | {
      readonly type: "count"
      readonly kind: string
      readonly query: Pick<Query, "where" | "prefix">
      readonly at?: number
    }
  /** The newest changes of a key, the newest first. */
  | {
      readonly type: "history"
      readonly kind: string
      readonly key: string
      readonly limit: number
    }
  /** The changes after a position, of all that is followed. */
  | { readonly type: "changes"; readonly after: number; readonly limit: number }

/** What an entry is found by. */
export type FoundBy = Pick<Query, "where" | "prefix" | "orderBy" | "reverse" | "after">

/** One of the questions of a message, with the number of its answer. */
export interface NumberedRead {
  readonly id: number
  readonly read: Read
}

/** Asks for what is not held. */
export interface Ask {
  readonly type: "ask"
  /** As in the hello: of a kind that is followed in part, only that part is read. */
  readonly follow: Follow
  readonly asks: readonly NumberedRead[]
}

/** What was read. */
export type Found =
  /** Rows, and whether there are no more; else `next` stands where the last one stood, for a `find`. */
  | {
      readonly rows: readonly Sent<Row>[]
      readonly whole: boolean
      readonly next?: { readonly key: string; readonly value: unknown }
    }
  | { readonly count: number }
  /** Changes, the next of which come after `to`. */
  | { readonly changes: readonly Sent<Change>[]; readonly to: number }

/** The answer to one question. */
export type ReadAnswer = { readonly type: "answer"; readonly id: number } & (
  | {
      readonly epoch: string
      /** What was read is not newer than this position. */
      readonly seq: number
      readonly found: Found
    }
  | { readonly error: ErrorRecord }
  /** Not now: the principal has asked too much. */
  | { readonly afterMs: number }
)

/** At most so many questions are in a message. */
const MOST_ASKS = 100

const text = v.string()
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
const limit = v.pipe(count, v.minValue(1), v.maxValue(MOST_ROWS))
const at = v.exactOptional(count)

const place = v.union([text, v.strictObject({ key: text, value: v.unknown() })])

const foundBy = v.pipe(
  v.strictObject({
    where: v.exactOptional(names),
    prefix: v.exactOptional(text),
    orderBy: v.exactOptional(v.unknown()),
    reverse: v.exactOptional(v.boolean()),
    after: v.exactOptional(place),
  }),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed) return
    try {
      checkFoundBy(dataset.value as FoundBy)
    } catch (error) {
      addIssue({ message: (error as Error).message })
    }
  }),
)

const read = v.variant("type", [
  v.strictObject({ type: v.literal("row"), kind: text, key: text, at }),
  v.strictObject({
    type: v.literal("scan"),
    kind: text,
    prefix: v.exactOptional(text),
    reverse: v.exactOptional(v.boolean()),
    after: v.exactOptional(text),
    limit,
    at,
  }),
  v.strictObject({ type: v.literal("find"), kind: text, query: foundBy, limit }),
  v.strictObject({ type: v.literal("count"), kind: text, query: foundBy, at }),
  v.strictObject({ type: v.literal("history"), kind: text, key: text, limit }),
  v.strictObject({ type: v.literal("changes"), after: count, limit }),
])

/** The questions of a message, as they may come from anywhere. */
export const numberedReads: v.GenericSchema<unknown, readonly NumberedRead[]> = v.pipe(
  v.array(v.strictObject({ id: count, read })),
  v.minLength(1),
  v.maxLength(MOST_ASKS),
) as unknown as v.GenericSchema<unknown, readonly NumberedRead[]>

function checkFoundBy(query: FoundBy): void {
  if (!isSmall([query.where, query.orderBy])) {
    throw new StoreError("invalid_value", "The query is too large")
  }
  checkQuery(query)
}
