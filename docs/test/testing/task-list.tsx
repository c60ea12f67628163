import { defineKinds, type EntryOf, kind } from "@tidemark/core"
import { createHooks } from "@tidemark/react"
import { useState } from "react"
import { z } from "zod"

export const kinds = defineKinds({
  tasks: kind(z.object({ title: z.string().min(1), done: z.boolean() })),
})
const { useKind, useSet, useStatus } = createHooks<typeof kinds>()

export function TaskList() {
  const tasks = useKind("tasks", { orderBy: "title" })
  const isOffline = useStatus()?.connection === "offline"
  return (
    <>
      {isOffline && <p role="status">Offline</p>}
      <ul>
        {tasks.map((task) => (
          <TaskItem key={task.key} task={task} />
        ))}
      </ul>
    </>
  )
}

function TaskItem({ task }: { readonly task: EntryOf<typeof kinds, "tasks"> }) {
  const { key, value, pending = false } = task
  const setTask = useSet("tasks")
  const [problem, setProblem] = useState<string>()
  const toggle = () => {
    setProblem(undefined)
    setTask(key, { ...value, done: !value.done }).catch(({ code }) =>
      setProblem(`Not saved: ${code}`),
    )
  }
  return (
    <li aria-busy={pending}>
      <label>
        <input type="checkbox" checked={value.done} onChange={toggle} />
        {value.title}
      </label>
      {problem !== undefined && <p role="alert">{problem}</p>}
    </li>
  )
}
