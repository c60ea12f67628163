import type { Batch, Op, Store } from "@tidemark/core"
import { type Engine, isPromise, newEpoch, openStoreOn } from "@tidemark/core/engine"

/** A write that an authority may not have processed yet. */
export interface OutboxItem {
  readonly mutation: number
  readonly batch: Batch
}

/** Who a replica is, and what it follows. */
export interface Identity {
  readonly client: string
  /** As in the hello. */
  readonly kinds: readonly string[] | null
}

/** What an outbox had kept. */
export interface KeptOutbox extends Identity {
  /** The last number that was given, also when its write is no longer here. */
  readonly last: number
  readonly items: readonly OutboxItem[]
}

const ITEMS = "items"
const IDENTITY = "identity"
const SELF = "self"
const LAST = "last"

/**
 * The writes of a replica in the order of their numbers, each stored before it is sent. It is a
 * small store of its own, on any engine.
 */
export class Outbox {
  readonly #engine: Engine
  #store: Promise<Store> | undefined

  constructor(engine: Engine) {
    this.#engine = engine
  }

  /** Opens it; gives what an earlier run has left, if there was one. */
  async open(): Promise<KeptOutbox | undefined> {
    const store = await this.#opened()
    const identity = (await store.get(IDENTITY, SELF)) as Identity | undefined
    if (identity === undefined) return undefined
    const items = (await store.list(ITEMS)).map((entry) => entry.value as OutboxItem)
    const last = (await store.get(IDENTITY, LAST)) as number
    return { ...identity, last, items }
  }

  /** Stores writes, in one step. */
  async put(items: readonly OutboxItem[]): Promise<void> {
    await (await this.#opened()).commit({ ops: opsOf(items) })
  }

  /** Forgets writes that the base has. */
  async drop(mutations: readonly number[]): Promise<void> {
    if (mutations.length === 0) return
    const ops = mutations.map((mutation) => ({
      type: "delete" as const,
      kind: ITEMS,
      key: keyOf(mutation),
    }))
    await (await this.#opened()).commit({ ops })
  }

  /**
   * Takes another identity, with these writes in place of all others, in one step. `last` is the
   * last number that was given; that of the last write when it is left out.
   */
  async become(identity: Identity, items: readonly OutboxItem[], last?: number): Promise<void> {
    const store = await this.#opened()
    const old = await store.keys(ITEMS)
    await store.commit({
      ops: [
        ...old.map((key) => ({ type: "delete" as const, kind: ITEMS, key })),
        ...opsOf(items, last),
        { type: "set", kind: IDENTITY, key: SELF, value: identity },
      ],
    })
  }

  async close(): Promise<void> {
    await (await this.#opened()).close()
  }

  async #opened(): Promise<Store> {
    if (this.#store === undefined) {
      const store = openStoreOn(this.#engine)
      this.#store = isPromise(store) ? store : Promise.resolve(store)
    }
    return this.#store
  }
}

/** A new client id. */
export function newClient(): string {
  return newEpoch()
}

/** Keeps writes, and the last number: given again, it would be taken for a repeat. */
function opsOf(items: readonly OutboxItem[], last = items.at(-1)?.mutation ?? 0): Op[] {
  return [...items.map((item) => set(ITEMS, keyOf(item.mutation), item)), set(IDENTITY, LAST, last)]
}

function set(kind: string, key: string, value: unknown): Op {
  return { type: "set", kind, key, value }
}

/** Numbers as text of one length, so that the order of keys is the order of numbers. */
function keyOf(mutation: number): string {
  return String(mutation).padStart(16, "0")
}
