import type { Entry, ErrorRecord, Op, Store } from "@tidemark/core"
import { RESERVED_PREFIX } from "@tidemark/core/engine"

/**
 * The kind in which an authority keeps what it has processed of each client. The version of a
 * client's entry is the number of its last mutation: written in the same batch as the mutation
 * itself, it makes "at most once" and "in order" a matter of one compare-and-set, and
 * `lastMutation` a function of seq.
 */
export const CLIENTS: string = `${RESERVED_PREFIX}clients`

/** What is kept of a client. */
export interface ClientRecord {
  /** Whose client it is; nobody else may write in its name. */
  readonly principal: string
  readonly mutation: number
  /** Why the mutation was refused, if it was. */
  readonly error?: ErrorRecord
}

/** The op that notes a mutation as processed. */
export function markOf(client: string, record: ClientRecord): Op {
  return { type: "set", kind: CLIENTS, key: client, value: record }
}

/** What is known of a client. */
export async function readClient(
  store: Store,
  client: string,
): Promise<Entry<ClientRecord> | undefined> {
  return (await store.entry(CLIENTS, client)) as Entry<ClientRecord> | undefined
}

/** A client's last mutation that the log has at a position. */
export async function lastMutationAt(
  store: Store,
  client: string,
  position: number,
): Promise<number> {
  const newest = await readClient(store, client)
  if (newest === undefined || newest.seq <= position) return newest?.version ?? 0
  const later = await store.history(CLIENTS, client, { limit: newest.version })
  return later.find((change) => change.seq <= position)?.version ?? 0
}
