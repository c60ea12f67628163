/** Everything that can go wrong in a store, by name. */
export type ErrorCode =
  | "closed"
  | "not_found"
  | "conflict"
  | "invalid_key"
  | "invalid_value"
  | "validation_failed"
  | "quota_exceeded"
  | "position_too_old"
  | "busy"
  | "read_only"
  | "corrupt"
  | "foreign_schema"
  | "schema_too_new"
  | "unauthorized"
  | "aborted"
  | "unsupported"
  | "protocol_mismatch"
  | "storage_unavailable"

/** The facts of an error. */
export interface ErrorFacts {
  /** Machine-readable facts: kind, key, expected, actual, path … */
  readonly details?: Readonly<Record<string, unknown>>
  /** What to do next; also the last sentence of the message. */
  readonly hint?: string
  readonly cause?: unknown
}

/** An error in the form in which it crosses a boundary. */
export interface ErrorRecord {
  readonly code: ErrorCode
  readonly message: string
  readonly details?: Readonly<Record<string, unknown>>
  readonly hint?: string
}

/**
 * The one error class of Tidemark. Tell errors apart by `code`, never by message.
 *
 * @example
 * try { await store.set("users", "alice", value, { ifVersion: 3 }) }
 * catch (error) { if (StoreError.is(error, "conflict")) … }
 */
export class StoreError extends Error {
  override readonly name = "StoreError"
  readonly code: ErrorCode
  readonly details: Readonly<Record<string, unknown>>
  readonly hint: string | undefined

  constructor(code: ErrorCode, message: string, facts: ErrorFacts = {}) {
    super(
      facts.hint === undefined ? message : `${message}. ${facts.hint}`,
      facts.cause === undefined ? undefined : { cause: facts.cause },
    )
    this.code = code
    this.details = facts.details ?? {}
    this.hint = facts.hint
  }

  /**
   * Whether a value is a StoreError, and, when codes are given, one of these. Also for one of
   * another copy of this module: bundlers may put several into one process.
   */
  static is(error: unknown, ...codes: readonly ErrorCode[]): error is StoreError {
    if (!(error instanceof Error && error.name === "StoreError" && "code" in error)) return false
    return codes.length === 0 || codes.includes(error.code as ErrorCode)
  }

  /** The error as plain data, for a log or a message. The cause stays behind. */
  toJSON(): ErrorRecord {
    const { code, message, details, hint } = this
    return { code, message, details, ...(hint === undefined ? {} : { hint }) }
  }

  /** The error that `toJSON` recorded. */
  static from(record: ErrorRecord): StoreError {
    return recorded(record)
  }
}

/** Outside of the class: bundlers rename one that names itself, and a stack would say `_StoreError`. */
function recorded({ code, message, details, hint }: ErrorRecord): StoreError {
  const suffix = `. ${hint}`
  const bare =
    hint !== undefined && message.endsWith(suffix) ? message.slice(0, -suffix.length) : message
  return new StoreError(code, bare, {
    ...(details === undefined ? {} : { details }),
    ...(hint === undefined ? {} : { hint }),
  })
}

/** What somebody's function has thrown, in words. */
export function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : "it threw what is no error"
}
