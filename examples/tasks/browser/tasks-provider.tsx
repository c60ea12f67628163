"use client"

import { StoreProvider } from "@tidemark/react"
import { browserStore } from "@tidemark/react/next/client"
import { connect } from "@tidemark/sync"
import { httpChannel } from "@tidemark/sync/http-client"
import type { ReactNode } from "react"
import { kinds } from "../kinds.ts"

const tasks = browserStore("tasks", () => connect(httpChannel("/api/tidemark"), { kinds }))

export function TasksProvider({ children }: { readonly children: ReactNode }): ReactNode {
  return <StoreProvider store={tasks()}>{children}</StoreProvider>
}
