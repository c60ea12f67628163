"use client"

import { openStore } from "@tidemark/core/memory"
import { StoreProvider } from "@tidemark/react"
import { browserStore } from "@tidemark/react/next/client"
import type { ReactNode } from "react"
import { kinds } from "../../kinds.ts"

/** Knows more than the server at once, as a store that an earlier visit has left. */
const remembering = browserStore("remembering", () => {
  const store = openStore({ kinds })
  void store.set("settings", "theme", "dark")
  void store.set("tasks", "Yesterday", { title: "Yesterday", done: false })
  return store
})

export function RememberingProvider({ children }: { readonly children: ReactNode }): ReactNode {
  return <StoreProvider store={remembering()}>{children}</StoreProvider>
}
