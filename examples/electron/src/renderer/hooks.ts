import { createHooks, type Hooks } from "@tidemark/react"
import type { kinds } from "../shared/kinds.ts"

/** The hooks, typed by what this application keeps. */
export const { useKey, useKind, useStore, useStatus }: Hooks<typeof kinds> =
  createHooks<typeof kinds>()
