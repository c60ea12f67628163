import { StoreError } from "./errors.ts"
import { shown } from "./options.ts"

/**
 * Checks a number of something; `Infinity` is all there is.
 *
 * @throws StoreError `invalid_value` for what is no whole number, or fewer than `least`.
 */
export function checkAmount(name: string, amount: number, least = 0): void {
  if (amount === Number.POSITIVE_INFINITY || (Number.isSafeInteger(amount) && amount >= least))
    return
  throw new StoreError("invalid_value", `${shown(amount)} is no ${name}`, {
    details: { [name]: amount },
    hint: `Give a whole number from ${least}`,
  })
}
