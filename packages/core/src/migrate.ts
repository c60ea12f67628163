import type { Batch, Op } from "./batch.ts"
import { abortedBy } from "./commits.ts"
import { MIGRATED } from "./decide.ts"
import type { EngineReads } from "./engine.ts"
import { isPresent, type Row } from "./entry.ts"
import { StoreError } from "./errors.ts"
import { host } from "./host.ts"
import type { KindRules } from "./kinds.ts"
import { type MigrationOptions, type MigrationReport, MigrationTally } from "./migration.ts"
import { Packed, schemaOf } from "./packed.ts"
import { localKind } from "./scope-name.ts"

/** So many entries are looked at, and written, at once: others write in between. */
const PORTION = 100

/** How often a portion is judged again when others were faster. */
const ATTEMPTS = 20

/** What a migration needs of its store. */
export interface MigrationContext {
  /** With values as they are stored. */
  readonly engine: EngineReads
  readonly rules: KindRules
  now(): number
  commit(batch: Batch): Promise<unknown>
  /** @throws StoreError `closed` */
  checkOpen(): void
}

/**
 * Brings entries that an older schema or another codec wrote to the present form, in portions. Each
 * write expects the version that was read, so that whoever else writes wins. What it did not come to
 * is found in the old form by the next one.
 */
export async function migrate(
  context: MigrationContext,
  options: MigrationOptions = {},
): Promise<MigrationReport> {
  const { engine, now } = context
  const kinds = (await engine.kinds({ now: now() })).filter((kind) =>
    isMeant(context, options, kind),
  )
  let entries = 0
  for (const kind of kinds) entries += await engine.count(kind, { now: now() })
  const tally = new MigrationTally(entries)
  for (const kind of kinds) {
    for (let after: string | undefined; ; ) {
      goOn(context, options)
      const range = after === undefined ? { limit: PORTION } : { limit: PORTION, after }
      const rows = await engine.scan(kind, range)
      await migratePortion(context, options, tally, rows)
      options.onProgress?.(tally.progress)
      if (rows.length < PORTION) break
      after = rows.at(-1)?.key
      // On an engine that answers at once, nobody else would have a turn.
      await new Promise<void>((resolve) => host.setTimeout(resolve, 0))
    }
  }
  return tally.report
}

function isMeant({ rules }: MigrationContext, { kinds }: MigrationOptions, kind: string): boolean {
  const local = localKind(kind)
  return rules.definition(kind) !== undefined && (kinds === undefined || kinds.includes(local))
}

function goOn({ checkOpen }: MigrationContext, { signal }: MigrationOptions): void {
  checkOpen()
  if (signal?.aborted) throw abortedBy(signal)
}

async function migratePortion(
  context: MigrationContext,
  options: MigrationOptions,
  tally: MigrationTally,
  rows: readonly Row[],
): Promise<void> {
  const present = rows.filter((row) => isPresent(row, context.now()))
  for (const { kind, value } of present) {
    tally.found(localKind(kind), schemaOf(value), codecOf(value))
  }
  let due: readonly Row[] = present.filter((row) => isOld(context, row))
  for (let tried = 1; due.length > 0; tried++) {
    const judged = await judge(context, tally, due)
    if (judged.length === 0) return
    try {
      if (options.dryRun !== true) await context.commit(batchOf(judged))
      for (const { row } of judged) tally.migrated(localKind(row.kind), 1)
      return
    } catch (error) {
      if (!StoreError.is(error, "conflict") || tried === ATTEMPTS) throw error
      due = await stillDue(
        context,
        judged.map(({ row }) => row),
      )
    }
  }
}

interface Judged {
  readonly row: Row
  readonly op: Op
}

/** What can be written of some rows; what cannot is tallied. */
async function judge(
  { rules }: MigrationContext,
  tally: MigrationTally,
  rows: readonly Row[],
): Promise<readonly Judged[]> {
  const judged: Judged[] = []
  for (const row of rows) {
    const { kind, key, expiresAt } = row
    try {
      const read = rules.packing.copy(rules.packing.unpack(row, row.value))
      const value = await rules.value(kind, key, read)
      const end = expiresAt === undefined ? {} : { expiresAt }
      judged.push({ row, op: { type: "set", kind, key, value, ...end } })
    } catch (error) {
      if (!StoreError.is(error)) throw error
      tally.failed(localKind(kind), key, error)
    }
  }
  return judged
}

function batchOf(judged: readonly Judged[]): Batch {
  return {
    cause: MIGRATED,
    ops: judged.map(({ op }) => op),
    expect: judged.map(({ row: { kind, key, version } }) => ({ kind, key, version })),
  }
}

/** Those of some rows that are still in an old form, as they are now. */
async function stillDue(context: MigrationContext, rows: readonly Row[]): Promise<readonly Row[]> {
  const due: Row[] = []
  for (const { kind, key } of rows) {
    const row = await context.engine.row(kind, key)
    if (isPresent(row, context.now()) && isOld(context, row)) due.push(row)
  }
  return due
}

/** Whether a row is in another form than its kind writes now. */
function isOld({ rules }: MigrationContext, { kind, value }: Row): boolean {
  const { codec, schema } = rules.packing.formOf(kind)
  return codecOf(value) !== codec || schemaOf(value) !== schema
}

function codecOf(value: unknown): string | undefined {
  return value instanceof Packed ? value.codec : undefined
}
