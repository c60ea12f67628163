import { type Clock, type Op, type Store, StoreError } from "@tidemark/core"
import { type Engine, newEpoch, openStoreOn } from "@tidemark/core/engine"
import type { SentBatch } from "./message.ts"

/** A write that an authority may not have processed yet. */
export interface OutboxItem {
  readonly mutation: number
  readonly batch: SentBatch
  /** As in a mutation: the lower numbers, not answered yet, on which it rests. */
  readonly rests?: readonly number[]
  /** Whether it rests on one that was refused, so that it will be, too. */
  readonly stale?: true
}

/** Who a replica is. */
export interface Identity {
  readonly client: string
  /** When it began to write, by the authority's clock; missing until it does. */
  readonly since?: number
}

/** What an outbox had kept. */
export interface KeptOutbox extends Identity {
  /** The last number that was given, also when its write is no longer here. */
  readonly last: number
  readonly items: readonly OutboxItem[]
}

const IDENTITY = "identity"
const SELF = "self"
/** What was sent is of no use any more. */
const RETENTION = { changes: 1_000, versions: 0, tombstones: 1_000 }
/** The last number that each client has given. */
const LAST = "last"

/**
 * The writes of a replica in the order of their numbers, each stored before it is sent. It is a
 * small store of its own, on any engine. Writes stand under the client that numbered them, so that
 * one which is still being stored when the client changes is not taken for one of the next.
 */
export class Outbox {
  readonly #engine: Engine
  readonly #clock: Clock
  #store: Promise<Store> | undefined

  constructor(engine: Engine, clock: Clock) {
    this.#engine = engine
    this.#clock = clock
  }

  /** Opens it; gives what an earlier run has left, if there was one. */
  async open(): Promise<KeptOutbox | undefined> {
    const store = await this.#opened()
    const identity = (await store.get(IDENTITY, SELF)) as Identity | undefined
    if (identity === undefined) return undefined
    const entries = await store.list(itemsOf(identity.client))
    const last = (await store.get(LAST, identity.client)) as number
    return { ...identity, last, items: entries.map((entry) => entry.value as OutboxItem) }
  }

  /** Stores writes of a client, in one step. */
  async put(client: string, items: readonly OutboxItem[]): Promise<void> {
    await (await this.#opened()).commit({ ops: opsOf(client, items) })
  }

  /** Notes when a client begins to write, before it does. */
  async begin(identity: Identity): Promise<void> {
    await (await this.#opened()).commit({ ops: [setOf(IDENTITY, SELF, identity)] })
  }

  /**
   * Forgets writes of a client that the base has, and notes in the same step which of the others
   * have become stale by that: afterwards nobody could tell.
   */
  async drop(
    client: string,
    mutations: readonly number[],
    stale: readonly OutboxItem[],
  ): Promise<void> {
    if (mutations.length === 0) return
    const kind = itemsOf(client)
    const gone = mutations.map((mutation): Op => ({ type: "delete", kind, key: keyOf(mutation) }))
    const noted = stale.map((item) => setOf(kind, keyOf(item.mutation), item))
    await (await this.#opened()).commit({ ops: [...gone, ...noted] })
  }

  /**
   * Takes another identity, with these writes in place of all others, in one step: where something
   * was stored since the others were read, they are read again. `last` is the last number that was
   * given; that of the last write when it is left out.
   */
  async become(identity: Identity, items: readonly OutboxItem[], last?: number): Promise<void> {
    const store = await this.#opened()
    const set = [...opsOf(identity.client, items, last), setOf(IDENTITY, SELF, identity)]
    for (;;) {
      const { seq, entries } = await store.snapshot()
      const old = entries.filter(({ kind }) => kind !== IDENTITY)
      const kinds = new Set([LAST, itemsOf(identity.client), ...old.map(({ kind }) => kind)])
      try {
        await store.commit({
          ops: [...old.map(({ kind, key }) => ({ type: "delete" as const, kind, key })), ...set],
          expect: [...kinds].map((kind) => ({ kind, unchangedSince: seq })),
        })
        return
      } catch (error) {
        if (!StoreError.is(error, "conflict")) throw error
      }
    }
  }

  async close(): Promise<void> {
    // One that could not be opened has nothing to close.
    const store = await this.#store?.catch(() => undefined)
    await store?.close()
  }

  #opened(): Promise<Store> {
    const open = async () => openStoreOn(this.#engine, { retention: RETENTION, clock: this.#clock })
    this.#store ??= open()
    return this.#store
  }
}

/** A new client id. */
export function newClient(): string {
  return newEpoch()
}

/** Keeps writes, and the last number: given again, it would be taken for a repeat. */
function opsOf(
  client: string,
  items: readonly OutboxItem[],
  last = items.at(-1)?.mutation ?? 0,
): Op[] {
  const kind = itemsOf(client)
  return [
    ...items.map((item) => setOf(kind, keyOf(item.mutation), item)),
    setOf(LAST, client, last),
  ]
}

function itemsOf(client: string): string {
  return `items of ${client}`
}

function setOf(kind: string, key: string, value: unknown): Op {
  return { type: "set", kind, key, value }
}

/** Numbers as text of one length, so that the order of keys is the order of numbers. */
function keyOf(mutation: number): string {
  return String(mutation).padStart(16, "0")
}
