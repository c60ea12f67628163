import { openBrowserStore } from "@tidemark/sync/browser"
import type { Task } from "../../../task.ts"
import type { Side } from "../side.ts"

/** The store that all tabs share: each write goes to the worker of the leading one, here the only one. */
export const tidemark = (durability: "full" | "process"): Side => ({
  async open(name) {
    const createWorker = () => new Worker("/opfs-worker.js", { type: "module" })
    const store = await openBrowserStore({ name, durability, createWorker })
    return {
      set: (key, task) => store.set("tasks", key, task),
      setAll: (tasks) => Promise.all(tasks.map(([key, task]) => store.set("tasks", key, task))),
      get: async (key) => (await store.get("tasks", key)) as Task | undefined,
      close: () => store.close(),
    }
  },
})
