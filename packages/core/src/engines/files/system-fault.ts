import { StoreError } from "../../errors.ts"

/**
 * Runs a step on the file system.
 *
 * @throws StoreError `storage_unavailable` where the operating system refuses something, with its
 * error as the cause; whatever else the step throws, as it is.
 */
export function onSystem<T>(path: string, doing: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw isOfSystem(error) ? systemFault(path, doing, error) : error
  }
}

/** Whether the operating system refused something, and not SQLite: its errors name the call. */
export function isOfSystem(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error
}

/** The error for what the operating system refused. */
export function systemFault(path: string, doing: string, cause: Error): StoreError {
  return new StoreError("storage_unavailable", `${path} could not be ${doing}: ${cause.message}`, {
    details: { path },
    hint: "Check the path, the permissions and the disk; nothing was lost",
    cause,
  })
}
