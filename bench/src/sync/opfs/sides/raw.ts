import type { Task } from "../../../task.ts"
import type { RawRequest } from "../raw-worker.ts"
import type { Side } from "../side.ts"

/** sqlite-wasm in a worker, asked by the page: the least that keeps a task in SQLite and tells the page. */
export const raw = (synchronous: "FULL" | "NORMAL"): Side => ({
  async open(name) {
    const worker = new Worker("/raw-worker.js", { type: "module" })
    const waiting: ((answer: unknown) => void)[] = []
    worker.addEventListener("message", ({ data }) => waiting.shift()?.(data))
    const ask = (request: RawRequest) => {
      worker.postMessage(request)
      return new Promise<unknown>((resolve) => waiting.push(resolve))
    }
    await ask({ open: name, synchronous })
    return {
      set: (key, task) => ask({ set: [[key, task]] }),
      setAll: (tasks) => ask({ set: tasks }),
      get: async (key) => (await ask({ get: key })) as Task | undefined,
      async close() {
        await ask({ close: true })
        worker.terminate()
      },
    }
  },
})
