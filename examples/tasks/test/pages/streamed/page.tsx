import { Hydrated, readRequest } from "@tidemark/react/next"
import { type ReactNode, Suspense } from "react"
import { Tasks } from "../../../browser/tasks.tsx"
import { tasks } from "../../../server/tasks.ts"
import { gate } from "../gate.ts"

export default async function Page(): Promise<ReactNode> {
  const reader = await readRequest(tasks)
  return (
    <>
      <h1>{await reader.count("tasks")} tasks</h1>
      <Suspense fallback={<p>Later</p>}>
        <Late />
      </Suspense>
    </>
  )
}

async function Late(): Promise<ReactNode> {
  await gate().promise
  const reader = await readRequest(tasks)
  return (
    <Hydrated
      store={tasks}
      read={[
        ["settings", "theme"],
        ["tasks", { limit: 2 }, "infinite"],
      ]}
    >
      <h2>{await reader.count("tasks")} tasks, still</h2>
      <Tasks />
    </Hydrated>
  )
}
