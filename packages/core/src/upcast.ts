import { isPromise } from "./awaitable.ts"
import type { EntryName } from "./entry.ts"
import { reasonOf, StoreError } from "./errors.ts"

/**
 * Runs one step of an upcast.
 * @throws StoreError `validation_failed`, naming kind, key and step.
 */
export function upcasted({ kind, key }: EntryName, step: number, run: () => unknown): unknown {
  const refuse = (reason: string, cause?: unknown) =>
    new StoreError(
      "validation_failed",
      `${kind}/${key}: the upcast from version ${step} of its schema failed: ${reason}`,
      { details: { kind, key, step }, hint: "Mend the upcast; the entry stays as it is", cause },
    )
  let value: unknown
  try {
    value = run()
  } catch (cause) {
    throw refuse(reasonOf(cause), cause)
  }
  if (value === undefined) throw refuse("it gave undefined, which is no value")
  if (isPromise(value)) throw refuse("it gave a promise, and upcasts answer at once")
  return value
}
