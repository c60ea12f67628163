const start = Date.now()

/** Says what happens now, and how long everything took so far. */
export function report(message) {
  console.error(`[${((Date.now() - start) / 1000).toFixed(1).padStart(5)} s] ${message}`)
}
