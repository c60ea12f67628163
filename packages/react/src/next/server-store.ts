import type { Awaitable, Kinds, Store } from "@tidemark/core"
import { type Closing, closeWithProcess } from "./departure.ts"
import { kept } from "./kept.ts"

/** The store of a server process, and what belongs to it. */
export interface ServerStore<K extends Kinds = Kinds> {
  /** Opens the store at the first call; later ones give the same. One that failed is tried again. */
  open(): Promise<Store<K>>
  /** Has something closed before the store, when the process is told to stop. */
  closeFirst(closing: Closing): void
  /**
   * Ends the streams and closes the store, if it was opened, for good. Rejects with what could not
   * be ended; the store is closed all the same.
   */
  close(): Promise<void>
}

/** What all bundles of a process share under the name of a store. */
interface Shared<K extends Kinds> {
  opening: Promise<Store<K>> | undefined
  readonly before: Set<Closing>
}

/**
 * Declares the store of a server. It is opened when it is first read or written, not when the
 * module is loaded, so that building the application opens nothing; and once in a process, however
 * many pages and routes use it and however often development loads the code again. `name` tells
 * the stores of one process apart. A changed `open`, or changed kinds, count from the next start.
 *
 * When the process is told to stop, the streams of `routeHandlers` end and the store is closed.
 *
 * @example
 * export const tasks = serverStore("tasks", () => openStore({ path: "tasks.db", kinds }))
 */
export function serverStore<K extends Kinds>(
  name: string,
  open: () => Awaitable<Store<K>>,
): ServerStore<K> {
  const shared = kept<Shared<K>>(`server/${name}`, () => ({
    opening: undefined,
    before: new Set(),
  }))
  const close = () => closed(shared)
  return {
    open() {
      shared.opening ??= opened(open, close).catch((error) => {
        shared.opening = undefined
        throw error
      })
      return shared.opening
    },
    closeFirst(closing) {
      shared.before.add(closing)
    },
    close,
  }
}

async function opened<K extends Kinds>(
  open: () => Awaitable<Store<K>>,
  close: Closing,
): Promise<Store<K>> {
  const store = await open()
  closeWithProcess(close)
  return store
}

async function closed<K extends Kinds>({ opening, before }: Shared<K>): Promise<void> {
  const ended = await Promise.allSettled(Array.from(before, (closing) => closing()))
  const store = await opening
  await store?.close()
  for (const end of ended) if (end.status === "rejected") throw end.reason
}
