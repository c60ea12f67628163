import { isPromise } from "./awaitable.ts"
import type { EntryName } from "./entry.ts"
import { equalValues } from "./equal.ts"
import { reasonOf, StoreError } from "./errors.ts"
import type { KindOptions } from "./kind-options.ts"

/** Whether two values have the same content. @throws StoreError `validation_failed` when that cannot be told. */
export function sameContent(entry: EntryName, a: unknown, b: unknown): boolean {
  try {
    return equalValues(a, b)
  } catch (cause) {
    // A codec of the application's may give a cycle.
    throw incomparable(entry, "its values cannot be compared", cause)
  }
}

/** Whether a kind's own equals says that two values are the same. @throws StoreError `validation_failed` when it fails. */
export function sayEqual(
  definition: KindOptions | undefined,
  entry: EntryName,
  a: unknown,
  b: unknown,
): boolean {
  if (definition?.equals === undefined) return false
  try {
    return verdict(definition.equals(a, b))
  } catch (cause) {
    throw incomparable(entry, "the equals of its kind failed", cause)
  }
}

function verdict(same: unknown): boolean {
  if (typeof same === "boolean") return same
  throw new TypeError(`it gave ${isPromise(same) ? "a promise" : typeof same}, not true or false`)
}

function incomparable({ kind, key }: EntryName, what: string, cause: unknown): StoreError {
  return new StoreError("validation_failed", `${kind}/${key}: ${what}: ${reasonOf(cause)}`, {
    details: { kind, key },
    hint: "Nothing was written; mend the kind's equals, or its codec",
    cause,
  })
}
