import { createRequire } from "node:module"
import { StoreError } from "../../errors.ts"

/**
 * Loads a driver that the application installs or the runtime brings.
 *
 * @throws StoreError `storage_unavailable` with `hint`, and the reason as its cause.
 */
export function loadDriver<T>(name: string, hint: string): T {
  try {
    return createRequire(import.meta.url)(name) as T
  } catch (cause) {
    throw new StoreError("storage_unavailable", `The SQLite driver ${name} cannot be loaded`, {
      details: { driver: name },
      hint,
      cause,
    })
  }
}
