import { StoreError } from "./errors.ts"

/** The error of a position that a log no longer reaches. */
export function tooOld(after: number, horizon: number): StoreError {
  return new StoreError(
    "position_too_old",
    `Changes after ${after} are gone; the log begins after ${horizon}`,
    {
      details: { after, horizon },
      hint: "Take a snapshot and follow from its seq",
    },
  )
}
