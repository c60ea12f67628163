/** Stops a server whose starter has died, as if it was told to. */
export function stopWithStarter(): void {
  process.once("disconnect", () => process.kill(process.pid, "SIGTERM"))
}
