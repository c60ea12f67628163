import { readRequest } from "@tidemark/react/next"
import type { ReactNode } from "react"
import { tasks } from "../../../server/tasks.ts"

const shared = globalThis as { modules?: Set<object>; stores?: Set<object> }

/** How many modules have declared the store, and how many stores they have opened. */
export default async function Page(): Promise<ReactNode> {
  await readRequest(tasks)
  shared.modules ??= new Set()
  shared.stores ??= new Set()
  shared.modules.add(tasks)
  shared.stores.add(await tasks.open())
  return <p>{`${shared.modules.size} modules, ${shared.stores.size} store`}</p>
}
