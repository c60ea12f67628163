/** Runs once in every server process. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return
  const { stopWithStarter } = await import("./server/stop.ts")
  stopWithStarter()
}
