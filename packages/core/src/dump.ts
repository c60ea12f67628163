import type { Awaitable } from "./awaitable.ts"
import type { Change } from "./change.ts"
import { type DumpHead, type DumpLine, writeLine } from "./dump-line.ts"
import type { EngineReads } from "./engine.ts"
import { isPresent, type Row } from "./entry.ts"

/** How many rows or changes are in memory at once. */
const PAGE = 1_000

/** What is dumped. Values are in their stored form. */
export interface DumpSource {
  readonly reads: Pick<EngineReads, "scan">
  readonly head: DumpHead
  /** The kinds to dump, by the names they have in the store. */
  readonly kinds: readonly string[]
  /** Whether a change that comes while the dump is written belongs to it. */
  has(kind: string): boolean
  /** The name that a kind has in the dump. */
  nameOf(kind: string): string
  now(): number
  /** At most `limit` changes after a position. */
  changes(after: number, limit: number): Awaitable<readonly Change[]>
  /** The position that the store has reached. */
  position(): number
}

/**
 * The lines of a dump, each with its end: a head, every entry, and then what changed while these
 * were written. Read in order they give the state at one position, although nothing was held up
 * and only a page at a time is in memory.
 */
export async function* dumpOf(source: DumpSource): AsyncGenerator<string, void, undefined> {
  const { head } = source
  yield writeLine(head)
  for (const kind of source.kinds) {
    for await (const row of rowsOf(source, kind)) {
      if (isPresent(row, source.now())) yield writeLine(lineOf(source, row))
    }
  }
  // Entries were read at different moments: the changes since the head bring all to the same one.
  const end = source.position()
  for (let position = head.seq; position < end; ) {
    const page = await source.changes(position, PAGE)
    for (const change of page) {
      if (change.seq <= end && source.has(change.kind)) yield writeLine(lineOf(source, change))
    }
    position = page.at(-1)?.seq ?? end
  }
}

async function* rowsOf({ reads }: DumpSource, kind: string): AsyncGenerator<Row, void, undefined> {
  for (let after: string | undefined; ; ) {
    const range = after === undefined ? { limit: PAGE } : { limit: PAGE, after }
    const rows = await reads.scan(kind, range)
    yield* rows
    if (rows.length < PAGE) return
    after = rows.at(-1)?.key
  }
}

function lineOf(source: DumpSource, fact: Row | Change): DumpLine {
  const { key, value, expiresAt } = fact
  const kind = source.nameOf(fact.kind)
  if ("type" in fact && fact.type === "delete") return { kind, key, deleted: true }
  return expiresAt === undefined ? { kind, key, value } : { kind, key, value, expiresAt }
}
