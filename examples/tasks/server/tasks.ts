import { openStore } from "@tidemark/core/better-sqlite3"
import { serverStore } from "@tidemark/react/next"
import Database from "better-sqlite3"
import { kinds } from "../kinds.ts"

const FIRST = ["Bread", "Milk", "Tea"]

export const tasks = serverStore("tasks", async () => {
  const path = process.env.TASKS_FILE ?? "tasks.db"
  // In this workspace Next bundles the store, which then cannot find its driver by itself.
  const store = openStore({ path, kinds, driver: Database })
  if (store.position === 0) {
    await store.set("settings", "theme", "light")
    await store.setMany(
      "tasks",
      FIRST.map((title) => [title, { title, done: false }] as const),
    )
  }
  return store
})
