import { fs } from "./fs.ts"
import { onSystem } from "./system-fault.ts"

/** What tells a file from another one of the same name; `undefined` for none. */
export function identityOf(path: string): string | undefined {
  const stats = fs.statSync(path, { bigint: true, throwIfNoEntry: false })
  return stats && `${stats.dev}:${stats.ino}`
}

/** The bytes of a file; 0 for none. */
export function sizeOf(path: string): number {
  return fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

/**
 * Whether there is a file. Not `existsSync`: a bundler that follows paths would take all that may
 * lie where a path of the application's leads, and ship it.
 *
 * @throws StoreError `storage_unavailable` where the system does not let us look.
 */
export function isThere(path: string): boolean {
  return onSystem(path, "found", () => fs.statSync(path, { throwIfNoEntry: false }) !== undefined)
}
