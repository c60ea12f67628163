import { type DumpLine, writeLine } from "./dump-line.ts"
import type { EngineReads } from "./engine.ts"
import { isPresent, type Row } from "./entry.ts"
import { StoreError } from "./errors.ts"
import type { FeedReads } from "./feed.ts"
import { pause } from "./host.ts"
import { isReserved } from "./names.ts"
import { localKind } from "./scope-name.ts"

/** How many rows are in memory at once. */
const PAGE = 1_000

/** What is dumped. Values are in their stored form. */
export interface DumpSource {
  readonly reads: Pick<EngineReads, "kinds" | "scan">
  readonly feed: Pick<FeedReads, "position" | "generation">
  /** Keeps the log after a position until the result is called. */
  readonly hold: (position: number) => () => void
  readonly epoch: string
  now(): number
}

/**
 * The lines of a dump, each with its end: a head, and every entry as it was at the position of the
 * head, whatever is written meanwhile, here or by another process. Only a page at a time is in
 * memory, and nothing is held up.
 *
 * @throws StoreError `position_too_old` when the sequence is replaced, or pruned elsewhere, meanwhile.
 */
export async function* dumpOf(
  { reads, feed, hold, epoch, now }: DumpSource,
  wanted: readonly string[] | undefined,
): AsyncGenerator<string, void, undefined> {
  const { position: at, generation } = feed
  const letGo = hold(at)
  try {
    const named = wanted && new Set(wanted)
    // What scopes hold is the application's too; what Tidemark keeps for itself is not.
    const has = (kind: string) => named?.has(kind) ?? !isReserved(localKind(kind))
    yield writeLine({ tidemark: 1, epoch, seq: at })
    for (const kind of await reads.kinds({ now: now(), at })) {
      if (!has(kind)) continue
      for await (const row of rowsOf(reads, kind, at)) {
        if (feed.generation !== generation) throw replaced()
        if (isPresent(row, now())) yield writeLine(lineOf(row))
      }
    }
    if (feed.generation !== generation) throw replaced()
  } finally {
    letGo()
  }
}

function replaced(): StoreError {
  return new StoreError("position_too_old", "The sequence was replaced while it was dumped", {
    hint: "Dump again: what was written so far is of two sequences",
  })
}

async function* rowsOf(
  reads: DumpSource["reads"],
  kind: string,
  at: number,
): AsyncGenerator<Row, void, undefined> {
  for (let after: string | undefined; ; ) {
    const range = after === undefined ? { limit: PAGE, at } : { limit: PAGE, at, after }
    const rows = await reads.scan(kind, range)
    yield* rows
    if (rows.length < PAGE) return
    after = rows.at(-1)?.key
    await pause() // Others get their turn, however large the store is.
  }
}

function lineOf({ kind, key, value, expiresAt }: Row): DumpLine {
  return expiresAt === undefined ? { kind, key, value } : { kind, key, value, expiresAt }
}
