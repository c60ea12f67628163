import type { Change } from "./change.ts"
import { type ErrorRecord, StoreError } from "./errors.ts"
import { toJson } from "./json.ts"
import { RESERVED_PREFIX } from "./names.ts"
import type { Store } from "./store.ts"

/** The kind in which consumers keep the changes that their handlers could not take. */
export const PARKED: string = `${RESERVED_PREFIX}parked`

/** A change that a consumer's handler could not take. */
export interface Parked {
  /** The consumer's name. */
  readonly consumer: string
  /** Without `value` and `previous` where JSON cannot carry them: the log has them. */
  readonly change: Omit<Change, "value" | "previous"> & Partial<Pick<Change, "value" | "previous">>
  /** Why it failed the last time. */
  readonly error: ParkedError
  /** How often it was tried. */
  readonly tries: number
  /** When it failed the last time, in milliseconds since the epoch. */
  readonly at: number
}

/** An error as it is kept: of a StoreError its record, of any other its name and message. */
export type ParkedError = ErrorRecord | { readonly name: string; readonly message: string }

/** The key of a consumer's parked change. */
export function parkedKey(consumer: string, seq: number): string {
  return `${prefixOf(consumer)}${seq}`
}

/** What is kept of a change that failed. */
export function parkedOf(
  consumer: string,
  change: Parked["change"],
  failure: { readonly error: unknown; readonly tries: number },
  at: number,
): Parked {
  const { error, tries } = failure
  return { consumer, change: portable(change), error: errorOf(error), tries, at }
}

/** The parked changes of a consumer, in the order of the log. */
export async function listParked(store: Store, consumer: string): Promise<readonly Parked[]> {
  const entries = await store.list(PARKED, { prefix: prefixOf(consumer) })
  return entries.map(({ value }) => value as Parked).sort((a, b) => a.change.seq - b.change.seq)
}

/** A parked change, whole again. @throws StoreError `position_too_old` when its value is gone. */
export async function changeOf(store: Store, { change }: Parked): Promise<Change> {
  if ("value" in change) return change as Change
  const { seq, kind, key } = change
  const [found] = await store.changes({ after: seq - 1, limit: 1 })
  if (found?.seq === seq) return change.replay ? { ...change, value: found.value } : found
  throw new StoreError("position_too_old", `The value of ${kind}/${key} at ${seq} is gone`, {
    details: { kind, key, seq },
    hint: "Delete the parked change, or handle the entry as it is now",
  })
}

/** Names may hold anything: escaped, none begins with another. */
function prefixOf(consumer: string): string {
  return `${encodeURIComponent(consumer)}/`
}

function portable(change: Parked["change"]): Parked["change"] {
  const { value: _, previous: __, ...facts } = change
  return tryJson(change) ?? facts
}

function errorOf(error: unknown): ParkedError {
  if (StoreError.is(error)) {
    const { details, ...record } = error.toJSON()
    const json = details && tryJson(details)
    return json === undefined ? record : { ...record, details: json }
  }
  if (error instanceof Error) return { name: error.name, message: error.message }
  return { name: typeof error, message: typeof error === "string" ? error : "not an Error" }
}

/** A value as JSON; `undefined` where JSON cannot carry it. */
function tryJson<T>(value: T): T | undefined {
  try {
    return toJson(value, PARKED, "") as T
  } catch {
    return undefined
  }
}
