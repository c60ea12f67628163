import { Hydrated, readRequest } from "@tidemark/react/next"
import type { ReactNode } from "react"
import { NewTask, Tasks } from "../browser/tasks.tsx"
import { tasks } from "../server/tasks.ts"

export const metadata = { title: "Tasks" }

export default async function Page(): Promise<ReactNode> {
  const reader = await readRequest(tasks)
  return (
    <main>
      <h1>{await reader.count("tasks")} tasks when you came</h1>
      <Hydrated
        store={tasks}
        read={[
          ["settings", "theme"],
          ["tasks", { limit: 2 }, "infinite"],
        ]}
      >
        <Tasks />
      </Hydrated>
      <NewTask />
    </main>
  )
}
