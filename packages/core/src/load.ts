import type { Awaitable } from "./awaitable.ts"
import type { Batch, Op } from "./batch.ts"
import { abortedBy, type Signal } from "./commits.ts"
import { type DumpLine, readLine } from "./dump-line.ts"
import { StoreError } from "./errors.ts"
import { pause } from "./host.ts"
import { linesOf, type TextSource } from "./lines.ts"

/** How many lines become one batch. */
const PORTION = 500

/** What loading can be told. */
export interface LoadOptions {
  /** Comes back as `change.origin`. */
  readonly origin?: string
  /** Ends it between two portions: it rejects with `aborted`. */
  readonly signal?: Signal
  /** Hears after each portion how many lines are in the store. */
  readonly onProgress?: (lines: number) => void
}

/** What loading needs of its store. */
export interface LoadTarget {
  /** The checked op of a line. @throws StoreError */
  opOf(line: DumpLine): Awaitable<Op>
  commit(batch: Batch): Promise<unknown>
}

/**
 * Writes what a dump holds, in portions, each a batch of its own: what was loaded before an error
 * stays, and loading the same dump again goes on where it is needed, because equal values are no
 * changes.
 *
 * @throws StoreError that names the line: `invalid_value` for one that cannot be read, and
 * everything that a write throws.
 */
export async function loadInto(
  target: LoadTarget,
  source: TextSource,
  options: LoadOptions = {},
): Promise<{ readonly lines: number }> {
  const { origin, signal, onProgress } = options
  let portion: Op[] = []
  let first = 0
  let lines = 0
  const write = async () => {
    if (signal?.aborted) throw abortedBy(signal)
    if (portion.length === 0) return
    const batch = { ops: portion, cause: "load", ...(origin === undefined ? {} : { origin }) }
    await inLine(first, () => target.commit(batch))
    lines += portion.length
    portion = []
    await pause() // Others get their turn, however long the dump is.
    onProgress?.(lines)
  }
  for await (const { number, text } of linesOf(source)) {
    const line = readLine(text, number)
    if ("tidemark" in line) continue
    if (portion.length === 0) first = number
    await inLine(number, async () => portion.push(await target.opOf(line)))
    if (portion.length === PORTION) await write()
  }
  await write()
  return { lines }
}

/** Runs a step; an error of it tells from which line on it was. */
async function inLine(line: number, step: () => unknown): Promise<void> {
  try {
    await step()
  } catch (error) {
    if (!StoreError.is(error)) throw error
    throw new StoreError(error.code, `The dump could not be loaded from line ${line} on`, {
      details: { ...error.details, line },
      hint: error.message,
      cause: error,
    })
  }
}
