import type { Entry, ErrorRecord, Op, OpResult, Store } from "@tidemark/core"
import { RESERVED_PREFIX } from "@tidemark/core/engine"
import type { Sent } from "./sent.ts"

/**
 * The kind in which an authority keeps the last mutation that it has processed of each client.
 * Written in the same batch as the mutation itself, with the expectation that it is where it was, it
 * makes "at most once" and "in order" a matter of one compare-and-set, and `lastMutation` a function
 * of seq.
 */
export const CLIENTS: string = `${RESERVED_PREFIX}clients`

/** The kind in which an authority keeps its refusals until their client has heard of them. */
const REFUSALS: string = `${RESERVED_PREFIX}refusals`

/** What is kept of a client. */
export interface ClientRecord {
  /** Whose client it is; nobody else may write in its name. */
  readonly principal: string
  readonly mutation: number
  /** What the mutation was answered, where its idempotency key was known and it did not apply again. */
  readonly first?: FirstAnswer
  /** Up to which number refusals were let go of, where some were: no message of today rests on these. */
  readonly letGo?: number
}

/** The answer that an idempotency key stands for; without the results, where they are long. */
export interface FirstAnswer {
  readonly seq: number
  readonly results?: readonly Sent<OpResult>[]
}

/** The op that notes a mutation as processed, until a moment; for ever when there is none. */
export function markOf(client: string, record: ClientRecord, expiresAt: number | undefined): Op {
  return set(CLIENTS, client, record, expiresAt)
}

/** The op that notes why a mutation was refused. */
export function refusalOf(
  client: string,
  mutation: number,
  error: ErrorRecord,
  expiresAt: number | undefined,
): Op {
  return set(REFUSALS, refusalKey(client, mutation), error, expiresAt)
}

/** What is known of a client. */
export async function readClient(
  store: Store,
  client: string,
): Promise<Entry<ClientRecord> | undefined> {
  return (await store.entry(CLIENTS, client)) as Entry<ClientRecord> | undefined
}

/** Why a mutation was refused, if it was and its client may not have heard of it. */
export async function readRefusal(
  store: Store,
  client: string,
  mutation: number,
): Promise<Entry<ErrorRecord> | undefined> {
  const entry = await store.entry(REFUSALS, refusalKey(client, mutation))
  return entry as Entry<ErrorRecord> | undefined
}

/** The numbers of the refusals that are kept of a client. */
export async function keptRefusals(store: Store, client: string): Promise<readonly number[]> {
  const keys = await store.keys(REFUSALS, { prefix: `${client}/` })
  return keys.map((key) => Number(key.slice(client.length + 1)))
}

/** The ops that let go of refusals. */
export function forgettingOf(client: string, mutations: readonly number[]): readonly Op[] {
  return mutations.map((mutation) => ({
    type: "delete",
    kind: REFUSALS,
    key: refusalKey(client, mutation),
  }))
}

/** A client's last mutation that the log has at a position. */
export async function lastMutationAt(
  store: Store,
  client: string,
  position: number,
): Promise<number> {
  const newest = await readClient(store, client)
  if (newest === undefined || newest.seq <= position) return newest?.value.mutation ?? 0
  const later = await store.history(CLIENTS, client, { limit: newest.version })
  return lastMutationOf(later.find((change) => change.seq <= position))
}

/** The last mutation of a client after a change of its record. */
export function lastMutationOf(
  change: { readonly type: string; readonly value: unknown } | undefined,
): number {
  if (change === undefined || change.type === "delete") return 0
  return (change.value as ClientRecord).mutation
}

function set(kind: string, key: string, value: unknown, expiresAt: number | undefined): Op {
  return { type: "set", kind, key, value, ...(expiresAt === undefined ? {} : { expiresAt }) }
}

/** Numbers of one length, so that the order of keys is the order of numbers. */
function refusalKey(client: string, mutation: number): string {
  return `${client}/${String(mutation).padStart(16, "0")}`
}
