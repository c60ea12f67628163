import { createStore, type Row } from "tinybase"
import { createIndexedDbPersister } from "tinybase/persisters/persister-indexed-db"
import type { Task } from "../../../task.ts"
import type { Side } from "../side.ts"

/**
 * As https://tinybase.org/api/persister-indexed-db: the tables are in memory, and the persister
 * saves them; a write is kept when its save is done. A cell holds no list, so tags are text.
 */
export const tinybase: Side = {
  async open(name) {
    const store = createStore()
    const persister = createIndexedDbPersister(store, name)
    await persister.load()
    const rowOf = (task: Task): Row => ({ ...task, tags: task.tags.join() })
    return {
      set(key, task) {
        store.setRow("tasks", key, rowOf(task))
        return persister.save()
      },
      setAll(tasks) {
        store.transaction(() => {
          for (const [key, task] of tasks) store.setRow("tasks", key, rowOf(task))
        })
        return persister.save()
      },
      async get(key) {
        if (!store.hasRow("tasks", key)) return undefined
        const { tags, ...rest } = store.getRow("tasks", key)
        return { ...rest, tags: String(tags).split(",") } as unknown as Task
      },
      close: () => persister.destroy(),
    }
  },
}
