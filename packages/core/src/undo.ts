import type { BatchResult } from "./batch.ts"
import { StoreError } from "./errors.ts"
import type { KindName, Kinds } from "./kinds.ts"
import type { Live } from "./live.ts"
import { LogUndo } from "./log-undo.ts"
import type { Store } from "./store.ts"

export interface UndoOptions<K extends Kinds = Kinds> {
  /** Whose writes: the `origin` that they were given. What others write is left alone. */
  readonly origin: string
  /** Only batches that touch no other kinds. */
  readonly kinds?: readonly KindName<K>[]
  /** A batch that follows another within so many milliseconds is undone with it. Default: each alone. */
  readonly groupWithin?: number
  /** So many steps can be undone. Default 100. */
  readonly depth?: number
  /** Where errors go for which nobody waits. Default: the console. */
  readonly onError?: (error: unknown) => void
}

/** Takes back what one origin has written, batch by batch, and puts it in place again. */
export interface Undo {
  /**
   * Takes the newest step back, by a batch of its own. Waits for writes that are on their way.
   * Resolves with what that did, or with `undefined` when there is nothing to undo.
   * @throws StoreError `conflict`, with the entry, when somebody has written to it since: then
   * everything stays as it is.
   */
  undo(): Promise<BatchResult | undefined>
  /** Takes the newest undo back, as `undo` does a step. A write of the origin ends that. */
  redo(): Promise<BatchResult | undefined>
  readonly canUndo: Live<boolean>
  readonly canRedo: Live<boolean>
  /** Follows the store no longer. Idempotent. */
  close(): void
  [Symbol.dispose](): void
}

/**
 * Undo and redo for the writes of one origin. What can be undone is read from the log alone: it
 * is the same after a restart, and in all tabs that share an origin.
 *
 * @example
 * const history = createUndo(store, { origin: "editor", groupWithin: 500 })
 * await store.set("notes", "a", { text: "Hello" }, { origin: "editor" })
 * await history.undo()
 */
export function createUndo<K extends Kinds>(store: Store<K>, options: UndoOptions<K>): Undo {
  checkOptions(options)
  return new LogUndo(store, options)
}

function checkOptions(options: UndoOptions): void {
  const { origin, groupWithin = 0, depth = 1 } = Object(options) as UndoOptions
  const wrong =
    (typeof origin !== "string" && "an origin: whose writes it takes back") ||
    (!(groupWithin >= 0) && "the milliseconds of groupWithin, from 0") ||
    (!(depth >= 1) && "a depth, from 1")
  if (!wrong) return
  throw new StoreError("invalid_value", `An undo needs ${wrong}`, {
    details: { origin, groupWithin, depth },
  })
}
