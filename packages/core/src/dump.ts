import type { Change } from "./change.ts"
import { type DumpLine, writeLine } from "./dump-line.ts"
import type { EngineReads } from "./engine.ts"
import { isPresent, type Row } from "./entry.ts"
import { StoreError } from "./errors.ts"
import type { FeedReads } from "./feed.ts"
import { isReserved } from "./names.ts"
import { localKind } from "./scope-name.ts"

/** How many rows or changes are in memory at once. */
const PAGE = 1_000

/** What is dumped. Values are in their stored form. */
export interface DumpSource {
  readonly reads: Pick<EngineReads, "kinds" | "scan" | "snapshot">
  readonly feed: Pick<FeedReads, "after" | "position" | "durably" | "generation">
  readonly epoch: string
  now(): number
}

/**
 * The lines of a dump, each with its end: a head, every entry, and then what changed while these
 * were written. Read in order they give the state at one position, although nothing was held up
 * and only a page at a time is in memory.
 *
 * @throws StoreError `position_too_old` when the sequence is replaced, or the log pruned, meanwhile.
 */
export async function* dumpOf(
  { reads, feed, epoch, now }: DumpSource,
  wanted: readonly string[] | undefined,
): AsyncGenerator<string, void, undefined> {
  const { position: seq, generation } = feed
  const named = wanted && new Set(wanted)
  // What scopes hold is the application's too; what Tidemark keeps for itself is not.
  const has = (kind: string) => named?.has(kind) ?? !isReserved(localKind(kind))
  yield writeLine({ tidemark: 1, epoch, seq })
  for (const kind of await reads.kinds({ now: now() })) {
    if (!has(kind)) continue
    for await (const row of rowsOf(reads, kind)) {
      if (isPresent(row, now())) yield writeLine(lineOf(row))
    }
  }
  // Entries were read at different moments, and perhaps before they were durable: the changes up
  // to the newest that any of them can show bring all to the same one.
  const { seq: end } = await feed.durably(() => reads.snapshot([]))
  if (feed.generation !== generation) throw replaced()
  for (let position = seq; position < end; ) {
    const page = await feed.after(position, PAGE)
    for (const change of page) {
      if (change.seq <= end && has(change.kind)) yield writeLine(lineOf(change))
    }
    position = page.at(-1)?.seq ?? end
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
): AsyncGenerator<Row, void, undefined> {
  for (let after: string | undefined; ; ) {
    const range = after === undefined ? { limit: PAGE } : { limit: PAGE, after }
    const rows = await reads.scan(kind, range)
    yield* rows
    if (rows.length < PAGE) return
    after = rows.at(-1)?.key
  }
}

function lineOf(fact: Row | Change): DumpLine {
  const { kind, key, value, expiresAt } = fact
  if ("type" in fact && fact.type === "delete") return { kind, key, deleted: true }
  return expiresAt === undefined ? { kind, key, value } : { kind, key, value, expiresAt }
}
