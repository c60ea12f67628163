import type { Awaitable } from "./awaitable.ts"
import type { EngineReads } from "./engine.ts"
import { StoreError } from "./errors.ts"
import { RESERVED_PREFIX } from "./names.ts"
import { localKind } from "./scope-name.ts"
import type { Store } from "./store.ts"
import type { Transaction } from "./transaction.ts"

/** The kind in which consumers keep how far they are, by their names. */
export const CONSUMERS: string = `${RESERVED_PREFIX}consumers`

/** How far a consumer is. */
export interface Progress {
  /** Everything up to here is handled; during a replay, the position that is replayed. */
  readonly position: number
  /** There while a replay lasts: the last entry that it has handed over, if any. */
  readonly replay?: readonly [] | readonly [kind: string, key: string]
}

/** What is kept of a consumer. */
export interface ConsumerRecord extends Progress {
  /** Which of those that were started under this name may go on: the newest. */
  readonly instance: string
}

/**
 * Makes an instance the one that goes on under a name, from where the one before it stood.
 *
 * @returns how far it is, and the version of the record that says so
 * @throws StoreError `unsupported` on a replica, whose authority lets nobody else write such records.
 */
export async function claimRecord(
  store: Store,
  name: string,
  instance: string,
  first: (tx: Transaction) => Awaitable<Progress>,
): Promise<{ readonly progress: Progress; readonly version: number }> {
  const claiming = store.transaction(async (tx) => {
    const found = (await tx.entry(CONSUMERS, name))?.value as ConsumerRecord | undefined
    await tx.set(CONSUMERS, name, { ...(found ?? (await first(tx))), instance })
  })
  await claiming.catch((error) => {
    throw StoreError.is(error, "unauthorized") ? notHere(name, error) : error
  })
  const entry = await store.entry(CONSUMERS, name)
  const record = entry?.value as ConsumerRecord | undefined
  if (entry === undefined || record?.instance !== instance) throw superseded(name)
  const { instance: _, ...progress } = record
  return { progress, version: entry.version }
}

/**
 * Writes how far an instance is, in the transaction of what it has done.
 *
 * @throws StoreError `conflict` when another one has taken its place.
 */
export async function moveRecord(
  tx: Transaction,
  name: string,
  instance: string,
  progress: Progress,
): Promise<void> {
  await checkRecord(tx, name, instance)
  await tx.set(CONSUMERS, name, { ...progress, instance })
}

/** @throws StoreError `conflict` unless an instance may go on: at the end of the transaction, too. */
export async function checkRecord(tx: Transaction, name: string, instance: string): Promise<void> {
  const found = (await tx.entry(CONSUMERS, name))?.value as ConsumerRecord | undefined
  if (found?.instance !== instance) throw superseded(name)
}

/** The error of an instance that must not go on. */
export function superseded(name: string): StoreError {
  return new StoreError("conflict", `Another instance consumes as ${JSON.stringify(name)} now`, {
    details: { consumer: name },
    hint: "Let one instance run under a name; whichever is started last goes on",
  })
}

function notHere(name: string, cause: StoreError): StoreError {
  return new StoreError("unsupported", `A replica keeps no position for ${JSON.stringify(name)}`, {
    details: { consumer: name },
    hint: "Consume where the authority is",
    cause,
  })
}

/** Whether an error says that another instance has taken the place. */
export function isSuperseded(error: unknown, name: string): boolean {
  return StoreError.is(error, "conflict") && error.details.consumer === name
}

/** The least position of some consumers, by their records: what comes after it is still needed. */
export function leastPosition(records: Iterable<{ readonly value: unknown }>): number {
  let least = Number.POSITIVE_INFINITY
  for (const { value } of records) {
    const position = (value as Partial<Progress> | null)?.position
    if (typeof position === "number") least = Math.min(least, position)
  }
  return least
}

/** The least position of all consumers of an engine, those of its scopes too; `Infinity` for none. */
export async function consumersFloor(engine: EngineReads, now: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (const kind of await engine.kinds({ now })) {
    if (localKind(kind) !== CONSUMERS) continue
    const records = await engine.scan(kind, { limit: Number.POSITIVE_INFINITY })
    least = Math.min(least, leastPosition(records))
  }
  return least
}
