import { Hydrated } from "@tidemark/react/next"
import type { ReactNode } from "react"
import { Tasks } from "../../../browser/tasks.tsx"
import { tasks } from "../../../server/tasks.ts"
import { RememberingProvider } from "../remembering-provider.tsx"

export default function Page(): ReactNode {
  return (
    <RememberingProvider>
      <Hydrated
        store={tasks}
        read={[
          ["settings", "theme"],
          ["tasks", { limit: 2 }, "infinite"],
        ]}
      >
        <Tasks />
      </Hydrated>
    </RememberingProvider>
  )
}
