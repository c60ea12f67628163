import {
  type Entry,
  type KindName,
  type Kinds,
  type Query,
  queryId,
  type Store,
  StoreError,
  type ValueOf,
} from "@tidemark/core"
import { isJson } from "@tidemark/core/engine"
import type { DehydratedKey, DehydratedList, DehydratedState } from "./dehydrated.ts"
import { firstPageOf } from "./first-page.ts"
import { headOf } from "./head.ts"

/**
 * What a page needs: one key, `["users", "alice"]`; or a list, `["tasks", { limit: 50 }]`, with
 * the query that `useKind` is given, all of the kind without one. With `"infinite"` behind it, the
 * first page of `useInfiniteKind`.
 */
export type HydrationRequest<K extends Kinds, N extends string> =
  | readonly [kind: N, what?: string | Query<ValueOf<K, N>>]
  | readonly [kind: N, query: Query<ValueOf<K, N>>, infinite: "infinite"]

/** How often everything is read again because a write came between. */
const ATTEMPTS = 5

/**
 * Reads on the server what the first screen shows, for a `HydrationBoundary`. All of it is of
 * one position, unless the store is written to without a pause.
 *
 * @throws StoreError as the reads do: `invalid_key`, `invalid_value`, `not_found` (strict), `closed`;
 * `unsupported` for a value of a codec, which JSON cannot carry.
 * @example
 * const state = await dehydrate(store, [["users", "alice"], ["tasks", { where: { done: false } }]])
 */
export async function dehydrate<K extends Kinds, const N extends readonly KindName<K>[]>(
  store: Store<K>,
  requests: { readonly [I in keyof N]: HydrationRequest<K, N[I]> },
): Promise<DehydratedState> {
  let before = await momentOf(store)
  for (let attempt = 1; ; attempt++) {
    const state = await readState(store, requests)
    const after = await momentOf(store)
    const isOne = after.epoch === before.epoch && after.position === before.position
    if (isOne || attempt === ATTEMPTS) return upTo(after, state)
    before = after
  }
}

/** What can be read for a page. */
type Readable<K extends Kinds> = Pick<Store<K>, "epoch" | "position" | "entry" | "list">

/** Reads what is there, one after the other. */
export async function readState<K extends Kinds, const N extends readonly KindName<K>[]>(
  store: Readable<K>,
  requests: { readonly [I in keyof N]: HydrationRequest<K, N[I]> },
): Promise<DehydratedState> {
  const keys: Promise<DehydratedKey>[] = []
  const lists: Promise<DehydratedList>[] = []
  for (const [kind, what = {}, infinite] of requests) {
    if (typeof what === "string") keys.push(readKey(store, kind, what))
    else lists.push(readList(store, kind, infinite ? firstPageOf(what) : what))
  }
  const read = await Promise.all([Promise.all(keys), Promise.all(lists)])
  const { epoch, position } = store
  return upTo({ epoch, position }, { keys: read[0], lists: read[1] })
}

/** Where a sequence is. */
interface Moment {
  readonly epoch: string
  readonly position: number
}

async function momentOf<K extends Kinds>(store: Store<K>): Promise<Moment> {
  const position = await headOf(store)
  return { epoch: store.epoch, position }
}

/**
 * A client that has reached its seq has seen everything that we have. Reads may be ahead of the
 * moment, by changes that are still on their way to the disk.
 */
function upTo(
  { epoch, position }: Moment,
  { keys, lists }: Pick<DehydratedState, "keys" | "lists">,
): DehydratedState {
  const entries = [...keys.map(([, , entry]) => entry), ...lists.flatMap(([, , found]) => found)]
  const seq = entries.reduce((seq, entry) => Math.max(seq, entry?.seq ?? 0), position)
  return { epoch, seq, keys, lists }
}

async function readKey<K extends Kinds>(
  store: Readable<K>,
  kind: KindName<K>,
  key: string,
): Promise<DehydratedKey> {
  const entry = await store.entry(kind, key)
  return [kind, key, entry === undefined ? null : plain(entry)]
}

async function readList<K extends Kinds, N extends KindName<K>>(
  store: Readable<K>,
  kind: N,
  query: Query<ValueOf<K, N>>,
): Promise<DehydratedList> {
  return [kind, queryId(query), (await store.list(kind, query)).map(plain)]
}

/** @throws StoreError `unsupported`: a page would give such a value back as another one. */
function plain<V>(entry: Entry<V>): Entry<V> {
  if (isJson(entry.value)) return entry
  const { kind, key } = entry
  throw new StoreError(
    "unsupported",
    `${kind}/${key} is not plain JSON, and cannot travel in a page`,
    {
      details: { kind, key },
      hint: "Leave its kind out: the hooks read it in the browser",
    },
  )
}
