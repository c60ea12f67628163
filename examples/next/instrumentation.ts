/** Runs once in every server process: a server that is told to stop ends its streams, then leaves. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return
  const { stopWithUs } = await import("./server/stop.ts")
  stopWithUs()
}
