/** Keeps the page itself, so that it opens without its server. In development it would hide changes. */
export function keepPageOffline(): void {
  if (process.env.NODE_ENV !== "production" || navigator.serviceWorker === undefined) return
  navigator.serviceWorker
    .register("/service-worker.js", { updateViaCache: "none" })
    .catch((error: unknown) => console.warn("The page will not open without its server:", error))
}
