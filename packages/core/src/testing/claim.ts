import { equalValues } from "../equal.ts"
import { type ErrorCode, StoreError } from "../errors.ts"
import { host } from "../host.ts"

/** Claims that two values are structurally equal. Throws an Error that shows both. */
export function same(actual: unknown, expected: unknown, what = "value"): void {
  if (equalValues(actual, expected)) return
  throw new Error(`${what}: expected ${text(expected)}, got ${text(actual)}`)
}

/** Claims that something holds. */
export function holds(condition: boolean, what: string): asserts condition {
  if (!condition) throw new Error(`does not hold: ${what}`)
}

/** Claims that a call rejects, or throws, with a code; gives the error. */
export async function refuses(code: ErrorCode, call: () => unknown): Promise<StoreError> {
  let result: unknown
  try {
    result = await call()
  } catch (error) {
    if (StoreError.is(error, code)) return error
    throw new Error(`expected a StoreError ${code}, got ${String(error)}`, { cause: error })
  }
  throw new Error(`expected a StoreError ${code}, got ${text(result)}`)
}

/** Waits until a condition holds, a macrotask at a time; the runner's time limit is the bound. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => host.setTimeout(resolve, 1))
}

/** As `until`, for a condition that has to be read. */
export async function eventually(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise<void>((resolve) => host.setTimeout(resolve, 1))
}

function text(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => (part === undefined ? "undefined" : part)) ??
    "undefined"
  )
}
