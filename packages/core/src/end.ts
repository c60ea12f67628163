import { StoreError } from "./errors.ts"

/** When an entry ends: so long after the write, or at a time. Give one of them, or none. */
export interface EndOptions {
  /** The entry ends so many milliseconds after this write, by this store's clock. Whole, 0 or more. */
  readonly ttl?: number
  /** The entry ends at this time, in whole milliseconds since the epoch: from then on nobody sees it. */
  readonly expiresAt?: number
}

/**
 * When an entry ends, as options say; `undefined` where they say nothing.
 *
 * @throws StoreError `invalid_value` for both at once, and for what is no number of milliseconds.
 */
export function endOf(
  kind: string,
  key: string | undefined,
  { ttl, expiresAt }: EndOptions,
  now: number,
): number | undefined {
  const refuse = (what: string, hint: string) => {
    const name = key === undefined ? kind : `${kind}/${key}`
    const details = { kind, key, ttl, expiresAt }
    return new StoreError("invalid_value", `${name}: ${what}`, { details, hint })
  }
  if (ttl === undefined && expiresAt === undefined) return undefined
  if (ttl !== undefined && expiresAt !== undefined) {
    throw refuse("ttl and expiresAt are both given", "Give one of them")
  }
  const [name, given] =
    ttl === undefined ? (["expiresAt", expiresAt] as const) : (["ttl", ttl] as const)
  // A clock may have fractions.
  const end = ttl === undefined ? expiresAt : Math.ceil(now + ttl)
  if (Number.isSafeInteger(given) && Number(given) >= 0 && Number.isSafeInteger(end)) return end
  throw refuse(
    `${name} is ${String(given)}`,
    `Give a whole number of milliseconds from 0, and for no end leave ${name} out`,
  )
}
