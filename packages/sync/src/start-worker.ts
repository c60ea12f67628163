/** Starts the bundled worker beside this file; bundlers follow this very expression. */
export function startWorker(): Worker {
  return new Worker(new URL("./opfs-worker.js", import.meta.url), { type: "module" })
}
