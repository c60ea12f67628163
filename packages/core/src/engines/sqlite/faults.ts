import { type ErrorCode, StoreError } from "../../errors.ts"

/** SQLite's primary result codes that mean something of their own to a store. */
const CODES: Readonly<Record<number, readonly [ErrorCode, string]>> = {
  3: ["storage_unavailable", "Check the permissions of the file and its folder"],
  5: ["busy", "Another process holds the file; try again, or raise busyTimeout"],
  6: ["busy", "Something else uses the table in this process; try again"],
  7: ["storage_unavailable", "SQLite got no memory; make room, or write less at once"],
  8: ["read_only", "Check the permissions of the file and its folder"],
  10: ["storage_unavailable", "The disk reported an I/O error; check it"],
  11: ["corrupt", "Restore a backup; the file was not touched"],
  13: ["storage_unavailable", "The disk is full; make room"],
  14: ["storage_unavailable", "Check that the folder exists and may be written"],
  15: ["busy", "Other processes were too fast again and again; try again"],
  18: ["invalid_value", "The value is larger than SQLite can hold"],
  26: [
    "corrupt",
    "This file is no SQLite database; it was not touched. Choose another path or restore a backup",
  ],
}

const NAMES: Readonly<Record<string, number>> = {
  PERM: 3,
  BUSY: 5,
  LOCKED: 6,
  NOMEM: 7,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  PROTOCOL: 15,
  TOOBIG: 18,
  NOTADB: 26,
}

/**
 * Runs a step on a database. What a driver throws becomes a StoreError with the driver's error
 * as its cause. Drivers tell the code by name (better-sqlite3), as `errcode` (node:sqlite) or as
 * `resultCode` (sqlite-wasm).
 */
export function onDatabase<T>(doing: string, step: () => T): T {
  try {
    return step()
  } catch (error) {
    throw faultOf(error, doing)
  }
}

function faultOf(error: unknown, doing: string): unknown {
  if (error instanceof StoreError) return error
  const number = resultCode(error)
  const known = number === undefined ? undefined : CODES[number & 0xff]
  if (known === undefined) return error
  const [code, hint] = known
  const message = error instanceof Error ? error.message : String(error)
  return new StoreError(code, `SQLite failed while ${doing}: ${message}`, {
    details: { doing, resultCode: number },
    hint,
    cause: error,
  })
}

function resultCode(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null) return undefined
  const { code, errcode, resultCode } = error as {
    code?: unknown
    errcode?: unknown
    resultCode?: unknown
  }
  if (typeof errcode === "number") return errcode
  if (typeof resultCode === "number") return resultCode
  const name = typeof code === "string" ? /^SQLITE_([A-Z]+)/.exec(code)?.[1] : undefined
  return name === undefined ? undefined : NAMES[name]
}
