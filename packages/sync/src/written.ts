import {
  type Batch,
  type Op,
  type OpResult,
  type Seen,
  type Store,
  StoreError,
} from "@tidemark/core"
import {
  KeyedMap,
  type StoredFacts,
  schemaOf,
  schemaTooNew,
  sizeOf,
  storedFacts,
} from "@tidemark/core/engine"
import type { Authorization } from "./authorization.ts"
import type { Mutation } from "./message.ts"
import { received, type Sent, sent } from "./sent.ts"

/**
 * The ops of a mutation with the values that they write, of the authority's own schemas: what an
 * older application has sent is brought up to date, and checked as every write is.
 *
 * @throws StoreError `unsupported` for a codec that is not known here, `invalid_value` for what it
 * cannot read, `schema_too_new` for a write over what a newer application wrote, and
 * `protocol_mismatch` where the newer application is the one that writes: the authority, once it is
 * brought up to date, can take that.
 */
export function writtenOps(store: Store, ops: readonly Sent<Op>[]): Promise<readonly Op[]> {
  return Promise.all(ops.map((op) => written(store, received<Op>(op))))
}

/** The bytes of values that ops write to the log again: each touch keeps a whole entry. */
export async function renewedBytes(store: Store, ops: readonly Op[]): Promise<number> {
  const facts = storedFacts(store)
  const sizes = new KeyedMap<number>()
  let total = 0
  for (const { type, kind, key } of ops) {
    if (type !== "touch") continue
    let size = sizes.get(kind, key)
    if (size === undefined) {
      const entry = await facts.entry(kind, key)
      size = entry === undefined ? 0 : sizeOf(key, entry.value)
      sizes.set(kind, key, size)
    }
    total += size
  }
  return total
}

/** The results of a mutation's ops, to send; without what was there before, where that cannot be told. */
export function sentResults(
  store: Store,
  ops: readonly Op[],
  results: readonly OpResult[],
): readonly Sent<OpResult>[] {
  const { pack } = storedFacts(store)
  return results.map((result, index) => {
    const op = ops[index]
    if (op === undefined || !("existed" in result) || result.previous === undefined) return result
    try {
      return sent<OpResult>({ existed: true, previous: pack(op, result.previous) })
    } catch {
      // An idempotency key that was used again answers with the results of other ops.
      return { existed: true }
    }
  })
}

/** What the batch of a mutation says besides its ops and expectations. */
export function factsOf(
  { origin, cause, idempotencyKey }: Mutation,
  client: string,
  { principal }: Authorization,
): Pick<Batch, "origin" | "cause" | "idempotencyKey"> {
  return {
    origin: origin ?? client,
    ...(cause === undefined ? {} : { cause }),
    // Another principal that chose the same key would be told what this one has written.
    ...(idempotencyKey === undefined
      ? {}
      : { idempotencyKey: `${JSON.stringify(principal)} ${idempotencyKey}` }),
  }
}

async function written(store: Store, op: Op): Promise<Op> {
  if (op.type !== "set") return op
  const facts = storedFacts(store)
  const value = unpacked(() => facts.unpack(op, op.value))
  const over = seenIn(op, facts)
  if (value === op.value && over?.value === op.over?.value) return op
  const before = await facts.entry(op.kind, op.key)
  const [found, known] = [schemaOf(before?.value), schemaOf(op.value)]
  if (found > known) throw schemaTooNew(op, found, known)
  return over === undefined ? { ...op, value } : { ...op, value, over }
}

/** What the writer had seen, as it is read; what cannot be read any more is not merged with. */
function seenIn(op: Op & { readonly type: "set" }, { unpack }: StoredFacts): Seen | undefined {
  const { over } = op
  if (over === undefined || !("value" in over)) return over
  return { value: unpacked(() => unpack(op, over.value)) }
}

/** What cannot be read is a fault of who has sent it, or of the authority's age, not of what is stored. */
function unpacked(unpack: () => unknown): unknown {
  try {
    return unpack()
  } catch (error) {
    if (!StoreError.is(error, "corrupt", "schema_too_new")) throw error
    const { code, message, details } = error
    const told = code === "corrupt" ? "invalid_value" : "protocol_mismatch"
    throw new StoreError(told, message, { details, cause: error })
  }
}
