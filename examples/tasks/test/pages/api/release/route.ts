import { tasks } from "../../../../server/tasks.ts"
import { gate } from "../../gate.ts"

/** Writes while a page is being streamed, then lets it go on. */
export async function POST(): Promise<Response> {
  const store = await tasks.open()
  await store.set("settings", "theme", "dark")
  await store.set("tasks", "Apples", { title: "Apples", done: false })
  gate().resolve()
  return new Response()
}
