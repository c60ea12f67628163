import { createRequire } from "node:module"
import { StoreError } from "../../errors.ts"

/**
 * Loads a driver that the application installs.
 *
 * @throws StoreError `storage_unavailable` with the reason as its cause.
 */
export function loadDriver<T>(name: string): T {
  try {
    return createRequire(import.meta.url)(name) as T
  } catch (cause) {
    throw new StoreError("storage_unavailable", `The SQLite driver ${name} cannot be loaded`, {
      details: { driver: name },
      hint: `Install it (npm install ${name}), or pass it as the option "driver"`,
      cause,
    })
  }
}
