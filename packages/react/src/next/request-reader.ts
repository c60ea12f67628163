import { type Kinds, type Reader, type Store, StoreError } from "@tidemark/core"
import { connection } from "next/server.js"
import { cache } from "react"
import { headOf } from "../head.ts"
import type { ServerStore } from "./server-store.ts"

/** Reads for one request: all of them tell what was there at one position. */
export interface RequestReader<K extends Kinds = Kinds>
  extends Pick<Reader<K>, "kindTypes" | "get" | "entry" | "list" | "keys" | "count" | "kinds"> {
  readonly epoch: string
  /** The position that is read. */
  readonly position: number
}

/**
 * Reads a store in a server component. All that one request reads, in its layouts, its pages and
 * what they stream later, is of one position, whatever is written meanwhile. What reads is drawn
 * for each request and never while the application is built.
 *
 * Where the history of that position was let go meanwhile, it is what is there by now.
 *
 * @throws what opening the store throws
 * @example
 * const reader = await readRequest(tasks)
 * const open = await reader.count("tasks", { where: { done: false } })
 */
export async function readRequest<K extends Kinds>(
  server: ServerStore<K>,
): Promise<RequestReader<K>> {
  await connection()
  return (await readerOf(server as ServerStore)) as unknown as RequestReader<K>
}

/** The same for all that ask in the drawing of one request. */
const readerOf: (server: ServerStore) => Promise<RequestReader> = cache(async (server) =>
  createRequestReader(await server.open()),
)

/** Reads the present as long as it is the position at which it was made, and then the past. */
async function createRequestReader(store: Store): Promise<RequestReader> {
  const position = await headOf(store)
  const { epoch } = store

  async function read<T>(ask: (reader: Reader) => Promise<T>): Promise<T> {
    if (isAt(store, position)) {
      const found = await ask(store)
      if (isAt(store, position) && (await headOf(store)) === position) return found
    }
    try {
      return await ask(store.at(position))
    } catch (error) {
      if (StoreError.is(error, "position_too_old", "invalid_value")) return ask(store)
      throw error
    }
  }

  return {
    epoch,
    position,
    get: (kind, key) => read((reader) => reader.get(kind, key)),
    entry: (kind, key) => read((reader) => reader.entry(kind, key)),
    list: (kind, query) => read((reader) => reader.list(kind, query)),
    keys: (kind, query) => read((reader) => reader.keys(kind, query)),
    count: (kind, query) => read((reader) => reader.count(kind, query)),
    kinds: (prefix) => read((reader) => reader.kinds(prefix)),
  }
}

/** Whether a store is at a position, for all that this process knows: with no own write on its way. */
function isAt(store: Store, position: number): boolean {
  return store.position === position && store.status.get().pending === 0
}
