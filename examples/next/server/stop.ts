import { closeAtlas } from "./atlas.ts"

/**
 * Closes the store when the process is told to stop. Next waits for open connections, and a
 * stream to a browser ends only with its store. A server whose starter has died stops too.
 */
export function stopWithUs(): void {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, close)
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"))
}

function close(): void {
  closeAtlas().catch((error) => console.error(error))
}
