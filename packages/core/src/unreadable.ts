import type { StoreError } from "./errors.ts"

/**
 * Stands inside a store in the place of a value that cannot be read: its codec is not known here,
 * its schema is too new, an upcast failed. Nobody outside sees it: who reads the value gets the
 * error, and who reads another one nothing of it.
 */
export class Unreadable {
  readonly error: StoreError

  constructor(error: StoreError) {
    this.error = error
  }
}
