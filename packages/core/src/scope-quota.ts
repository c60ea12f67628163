import type { ScopeQuota } from "./batch.ts"
import { StoreError } from "./errors.ts"

const BOUNDS = ["keys", "kinds", "bytes"]

/** @throws StoreError `invalid_value` for what is no bound, or no amount. */
export function checkQuota(namespace: string, quota: ScopeQuota): void {
  for (const [name, amount] of Object.entries(quota)) {
    if (!BOUNDS.includes(name)) {
      throw new StoreError(
        "invalid_value",
        `The scope ${namespace}: there is no quota of ${name}`,
        {
          details: { namespace, name },
          hint: `Use ${BOUNDS.join(", ")}`,
        },
      )
    }
    if (amount === undefined || (Number.isSafeInteger(amount) && amount >= 0)) continue
    throw new StoreError(
      "invalid_value",
      `The scope ${namespace}: ${amount} ${name} are no quota`,
      {
        details: { namespace, name, amount },
        hint: "Give a whole number from 0, and leave out what has no bound",
      },
    )
  }
}
