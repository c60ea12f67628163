import { Dexie, type Table } from "dexie"
import type { Task } from "../../../task.ts"
import type { Side } from "../side.ts"

type Row = Task & { readonly key: string }

/** As https://dexie.org/docs/Tutorial/React writes and reads; bursts by `bulkPut`, which it recommends for them. */
export const dexie = (durability: "strict" | "relaxed"): Side => ({
  async open(name) {
    const database = new Dexie(name, { chromeTransactionDurability: durability })
    database.version(1).stores({ tasks: "key" })
    await database.open()
    const tasks = database.table("tasks") as Table<Row, string>
    return {
      set: (key, task) => tasks.put({ ...task, key }),
      setAll: (all) => tasks.bulkPut(all.map(([key, task]) => ({ ...task, key }))),
      get: (key) => tasks.get(key),
      close: async () => database.close(),
    }
  },
})
