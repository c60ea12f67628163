import type { Change } from "../../change.ts"
import type { EngineContext } from "../../engine.ts"
import type { Entry, Row } from "../../entry.ts"
import { compareKeys, type IndexKey, indexKey } from "../../index-key.ts"
import { localKind } from "../../scope-name.ts"
import type { SqliteConnection, SqliteStatement } from "./connection.ts"

/** An index of the file. */
export interface FileIndex {
  readonly id: number
  /** The local name of its kind. */
  readonly kind: string
  readonly fields: readonly string[]
  readonly schema: number
  /** `"ready"`: it has every entry. `"building"`: it gets every write. `"stale"`: it is to be built anew. */
  readonly state: "ready" | "building" | "stale"
  /** How far the making of it has come; `null` at the beginning and the end. */
  readonly reached: string | null
  /** When somebody declared it last, in milliseconds since the epoch. */
  readonly declaredAt: number
}

/**
 * The indexes of the file, whoever has declared them: every process keeps them all, or marks as
 * stale what it cannot keep. Where each entry stands is written along with its change.
 */
export class SqliteIndexes {
  readonly #context: Pick<EngineContext, "read" | "indexes">
  readonly #declared: ReadonlySet<string>
  readonly #version: SqliteStatement
  readonly #all: SqliteStatement
  readonly #add: SqliteStatement
  readonly #remove: SqliteStatement
  readonly #markStale: SqliteStatement
  readonly #markChanged: SqliteStatement
  #known: number | undefined
  #kept: ReadonlyMap<string, readonly FileIndex[]> = new Map()

  constructor(connection: SqliteConnection, context: Pick<EngineContext, "read" | "indexes">) {
    this.#context = context
    this.#declared = new Set(context.indexes.map(indexId))
    this.#version = connection.prepare("SELECT value FROM meta WHERE name = 'indexes'")
    this.#all = connection.prepare(ALL_INDEXES)
    this.#add = connection.prepare("INSERT OR IGNORE INTO places VALUES (?, ?, ?, ?)")
    this.#remove = connection.prepare(
      "DELETE FROM places WHERE id = ? AND kind = ? AND place = ? AND key = ?",
    )
    this.#markStale = connection.prepare("UPDATE indexes SET state = 'stale' WHERE id = ?")
    this.#markChanged = connection.prepare(INDEXES_CHANGED)
  }

  /** Reads what is declared, when that has changed. First in each transaction. */
  refresh(): void {
    const { value } = this.#version.get() as { value: number }
    if (value === this.#known) return
    const kept = readIndexes(this.#all).filter(({ state }) => state !== "stale")
    this.#kept = Map.groupBy(kept, ({ kind }) => kind)
    this.#known = value
  }

  /** The indexes of a kind that get every write. */
  of(kind: string): readonly FileIndex[] {
    return this.#kept.size === 0 ? [] : (this.#kept.get(localKind(kind)) ?? [])
  }

  /** Whether this process has declared an index of a kind. */
  declares(kind: string): boolean {
    const local = localKind(kind)
    return this.#context.indexes.some((index) => index.kind === local)
  }

  /** The indexes of a kind that can be read: complete, and of the fields that are declared here. */
  usable(kind: string): readonly FileIndex[] {
    return this.of(kind).filter(
      (index) => index.state === "ready" && this.#declared.has(indexId(index)),
    )
  }

  /** Puts an entry in its new place. `met` is the row that the change has met. */
  change(change: Change, met: Row | undefined): void {
    for (const index of this.of(change.kind)) {
      const before = met === undefined || met.deleted ? null : this.placeOf(index, met)
      const after = change.type === "delete" ? null : this.placeOf(index, change)
      if (before === undefined || after === undefined) this.spoil(index)
      else this.#move(index, change, before, after)
    }
  }

  /** Puts an entry in its place, where it may stand already. Whether the place can be told. */
  add(index: FileIndex, row: Row): boolean {
    const place = this.placeOf(index, row)
    if (place === undefined) return false
    this.#move(index, row, null, place)
    return true
  }

  /** Where an entry stands; `undefined` when this process cannot tell. */
  placeOf(
    { fields, schema }: FileIndex,
    entry: Pick<Entry, "kind" | "key" | "value">,
  ): IndexKey | undefined {
    const value = this.#context.read(entry, entry.value, schema)
    return value === undefined ? undefined : indexKey(fields, value)
  }

  /** Gives up an index in which an entry's place cannot be told here. */
  spoil(index: FileIndex): void {
    this.#markStale.run(index.id)
    this.#markChanged.run()
    const others = this.of(index.kind).filter(({ id }) => id !== index.id)
    this.#kept = new Map([...this.#kept, [index.kind, others]])
    this.#known = undefined // The transaction may be undone.
  }

  #move(
    { id }: FileIndex,
    { kind, key }: { readonly kind: string; readonly key: string },
    before: IndexKey | null,
    after: IndexKey | null,
  ): void {
    if (before !== null && after !== null && compareKeys(before, after) === 0) return
    if (before !== null) this.#remove.run(id, kind, before, key)
    if (after !== null) this.#add.run(id, kind, after, key)
  }
}

export const ALL_INDEXES =
  "SELECT id, kind, fields, schema, state, reached, declared_at AS declaredAt FROM indexes ORDER BY id"

/** Tells every process to read anew what is declared. */
export const INDEXES_CHANGED = "UPDATE meta SET value = value + 1 WHERE name = 'indexes'"

/** What `ALL_INDEXES` has found. */
export function readIndexes(statement: SqliteStatement): readonly FileIndex[] {
  const rows = statement.all() as (Omit<FileIndex, "fields"> & { readonly fields: string })[]
  return rows.map((row) => ({ ...row, fields: JSON.parse(row.fields) as string[] }))
}

/** The same for an index that was declared and its like in the file. */
export function indexId({
  kind,
  fields,
  schema,
}: Pick<FileIndex, "kind" | "fields" | "schema">): string {
  return JSON.stringify([kind, fields, schema])
}
