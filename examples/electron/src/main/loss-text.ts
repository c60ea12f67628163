/** How long a window that closes may take to send what it has pending, in milliseconds. */
export const PATIENCE = 2_000

/** What to tell about a window that did not send everything. */
export function lossText(pending: number | undefined): { message: string; detail: string } {
  const which =
    pending === 1 ? "One change" : pending === undefined ? "Changes" : `${pending} changes`
  return {
    message: "A window was closed before everything was saved",
    detail: `${which} made in it last may be missing: it did not answer within ${PATIENCE / 1_000} seconds. What was shown as saved is safe.`,
  }
}
