import { TidemarkDevtools } from "@tidemark/devtools/react/production"
import type { ReactNode } from "react"
import { useStore } from "./hooks.ts"

/** The devtools, asked for by name: the demo is a production build and has them all the same. */
export function Inspector(): ReactNode {
  return <TidemarkDevtools store={useStore()} position="bottom-right" />
}
