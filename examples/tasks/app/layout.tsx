import type { ReactNode } from "react"
import { TasksProvider } from "../browser/tasks-provider.tsx"
import "./tasks.css"

export default function Layout({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <html lang="en">
      <body>
        <TasksProvider>{children}</TasksProvider>
      </body>
    </html>
  )
}
