import type { DeclaredIndex } from "../../declared-index.ts"
import type { EngineContext } from "../../engine.ts"
import { compareText } from "../../order.ts"
import { localKind } from "../../scope-name.ts"
import type { SqliteConnection } from "./connection.ts"
import {
  ALL_INDEXES,
  type FileIndex,
  INDEXES_CHANGED,
  indexId,
  readIndexes,
  type SqliteIndexes,
} from "./indexes.ts"
import type { IndexingProgress } from "./options.ts"
import type { SqliteReads } from "./read.ts"
import { inTransaction } from "./transaction.ts"

const DAY = 86_400_000

/** An index that nobody has declared for so long goes, in milliseconds. */
const FORGOTTEN_AFTER = 30 * DAY

/** How many entries are put in their places in one transaction. */
const STEP = 5_000

/** What the declaring of indexes works with. */
export interface Declaring {
  readonly connection: SqliteConnection
  readonly reads: SqliteReads
  readonly indexes: SqliteIndexes
  readonly context: EngineContext
  /** Hears how far an index is that is made now. */
  readonly onIndexing: ((progress: IndexingProgress) => void) | undefined
}

/**
 * Makes sure that the declared indexes stand in the file and are complete. An entry is put in its
 * place step by step, so that other processes write meanwhile, and so that who was stopped goes on
 * where it was.
 */
export function declareIndexes(declaring: Declaring): void {
  const { connection, onIndexing } = declaring
  if (settled(declaring)) return
  inTransaction(connection, "immediate", () => declare(declaring))
  for (let told: Indexing | undefined; ; ) {
    const step = inTransaction(connection, "immediate", () => build(declaring))
    if (step === undefined) return
    if (onIndexing === undefined || step.index.state === "stale") continue
    const { kind, fields } = step.index
    told = indexing(declaring, step, told)
    onIndexing({ kind, fields, placed: told.placed, entries: told.entries })
  }
}

/** Whether there is nothing to do, as nearly always. */
function settled({ connection, context }: Declaring): boolean {
  const { isOld, isForgotten } = agesAt(context)
  const listed = new Map(
    readIndexes(connection.prepare(ALL_INDEXES)).map((index) => [nameOf(index), index]),
  )
  const isSettled = (index: DeclaredIndex) => {
    const found = listed.get(nameOf(index))
    if (found === undefined || isOld(found)) return false
    return found.schema === index.schema ? found.state === "ready" : found.schema > index.schema
  }
  return context.indexes.every(isSettled) && ![...listed.values()].some(isForgotten)
}

function declare({ connection, context }: Declaring): void {
  const { now, isForgotten } = agesAt(context)
  const clear = connection.prepare("DELETE FROM places WHERE id = ?")
  const listed = new Map(
    readIndexes(connection.prepare(ALL_INDEXES)).map((index) => [nameOf(index), index]),
  )
  for (const index of listed.values()) {
    if (!isForgotten(index)) continue
    clear.run(index.id)
    connection.prepare("DELETE FROM indexes WHERE id = ?").run(index.id)
  }
  for (const index of context.indexes) {
    const { kind, fields, schema } = index
    const found = listed.get(nameOf(index))
    if (found === undefined) {
      connection
        .prepare("INSERT INTO indexes VALUES (NULL, ?, ?, ?, 'building', NULL, ?)")
        .run(kind, JSON.stringify(fields), schema, now)
      continue
    }
    connection.prepare("UPDATE indexes SET declared_at = ? WHERE id = ?").run(now, found.id)
    // Of a newer schema it belongs to a newer release of the application, which keeps it.
    if (found.schema > schema || (found.schema === schema && found.state !== "stale")) continue
    clear.run(found.id)
    connection
      .prepare("UPDATE indexes SET schema = ?, state = 'building', reached = NULL WHERE id = ?")
      .run(schema, found.id)
  }
  connection.exec(INDEXES_CHANGED)
}

/** A step in the making of an index. */
interface BuildStep {
  /** The index, with the state in which the step has left it. */
  readonly index: FileIndex
  /** How many entries were put in their places. */
  readonly placed: number
}

/** How far an index is. */
interface Indexing {
  readonly id: number
  readonly placed: number
  readonly entries: number
}

/** How far an index is after a step; what is there already is counted in its first one here, and in its last. */
function indexing(
  { connection, reads }: Declaring,
  { index, placed }: BuildStep,
  before: Indexing | undefined,
): Indexing {
  const { id, kind, state } = index
  const isFirst = before?.id !== id
  if (!isFirst && state === "building") return { ...before, placed: before.placed + placed }
  const found = connection.prepare("SELECT count(*) AS n FROM places WHERE id = ?").get(id)
  const { n } = found as { n: number }
  if (state === "ready") return { id, placed: n, entries: n }
  // What has ended has its place too, until it is deleted.
  const now = Number.NEGATIVE_INFINITY
  const entries = reads
    .kindsOf(undefined)
    .filter((one) => localKind(one) === kind)
    .reduce((sum, one) => sum + reads.count(one, { now }), 0)
  return { id, placed: n, entries }
}

/** Puts some more entries in their places; `undefined` where there was nothing to do. */
function build({ connection, reads, indexes, context }: Declaring): BuildStep | undefined {
  const wanted = new Set(context.indexes.map(indexId))
  const index = readIndexes(connection.prepare(ALL_INDEXES)).find(
    (one) => one.state === "building" && wanted.has(indexId(one)),
  )
  if (index === undefined) return undefined
  const [from, last] = JSON.parse(index.reached ?? '["",""]') as [kind: string, key: string]
  let left = STEP
  for (const kind of reads.kindsOf(undefined)) {
    if (localKind(kind) !== index.kind || compareText(kind, from) < 0) continue
    const after = kind === from ? { after: last } : {}
    const rows = reads.scan(kind, { ...after, limit: left })
    if (!rows.every((row) => indexes.add(index, row))) {
      indexes.spoil(index)
      return { index: { ...index, state: "stale" }, placed: 0 }
    }
    left -= rows.length
    const end = rows.at(-1)
    if (left > 0 || end === undefined) continue
    connection
      .prepare("UPDATE indexes SET reached = ? WHERE id = ?")
      .run(JSON.stringify([kind, end.key]), index.id)
    return { index, placed: STEP }
  }
  connection
    .prepare("UPDATE indexes SET state = 'ready', reached = NULL WHERE id = ?")
    .run(index.id)
  connection.exec(INDEXES_CHANGED)
  return { index: { ...index, state: "ready" }, placed: STEP - left }
}

/** An index is one of its kind and fields, whatever the schema. */
function nameOf({ kind, fields }: Pick<DeclaredIndex, "kind" | "fields">): string {
  return JSON.stringify([kind, fields])
}

function agesAt({ clock, indexes }: EngineContext) {
  const now = clock.now()
  const names = new Set(indexes.map(nameOf))
  return {
    now,
    /** Whether it has to be told again that an index is wanted. */
    isOld: (index: FileIndex) => now - index.declaredAt > DAY,
    isForgotten: (index: FileIndex) =>
      !names.has(nameOf(index)) && now - index.declaredAt > FORGOTTEN_AFTER,
  }
}
