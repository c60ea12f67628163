"use client"

import { StoreProvider } from "@tidemark/react"
import { type ReactNode, useEffect } from "react"
import { clientStore } from "../browser/client-store.ts"
import { keepPageOffline } from "../browser/offline-page.ts"

/** The application around its screen: this tab's own store, and a page that opens without a server. */
export function Atlas({ children }: { readonly children: ReactNode }): ReactNode {
  useEffect(keepPageOffline, [])
  return <StoreProvider store={clientStore()}>{children}</StoreProvider>
}
