"use client"

import { createHooks } from "@tidemark/react"
import { type ReactNode, useActionState } from "react"
import type { kinds } from "../kinds.ts"
import { addTask } from "../server/add-task.ts"

const { useInfiniteKind, useKey } = createHooks<typeof kinds>()

export function Tasks(): ReactNode {
  const theme = useKey("settings", "theme", { initial: "no theme" })
  const { entries, hasMore, isLoading, loadMore } = useInfiniteKind("tasks", { limit: 2 })
  return (
    <section data-theme={theme}>
      <ul>
        {entries.map(({ key, value }) => (
          <li key={key}>{value.title}</li>
        ))}
      </ul>
      {hasMore && (
        <button type="button" disabled={isLoading} onClick={loadMore}>
          More
        </button>
      )}
    </section>
  )
}

export function NewTask(): ReactNode {
  const [result, submit] = useActionState(addTask, undefined)
  return (
    <form action={submit}>
      <input name="title" aria-label="Title" />
      <button type="submit">Add</button>
      {result?.ok && <p role="status">Added {result.value}</p>}
      {result?.ok === false && (
        <p role="alert">
          {result.error.code}: {result.error.message}
        </p>
      )}
    </form>
  )
}
