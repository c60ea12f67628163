/** What went wrong, as the panel shows it. */
export interface Failure {
  /** The code of a StoreError. */
  readonly code?: string
  readonly message: string
  /** What to do next. */
  readonly hint?: string
}

/** Tells an error of any origin; a StoreError's hint apart from its message, which ends with it. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { message: String(error) }
  const { code, hint } = error as { code?: unknown; hint?: unknown }
  if (typeof code !== "string") return { message: error.message }
  if (typeof hint !== "string") return { code, message: error.message }
  const suffix = `. ${hint}`
  const { message } = error
  return {
    code,
    message: message.endsWith(suffix) ? message.slice(0, -suffix.length) : message,
    hint,
  }
}

/** Whether an error says that the store is closed. By its code: the store may have another copy of the class. */
export function isClosed(error: unknown): boolean {
  return error instanceof Error && (error as { code?: unknown }).code === "closed"
}
