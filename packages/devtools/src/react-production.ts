"use client"

import type { ReactElement } from "react"
import { mountDevtools } from "./mount.ts"
import { type TidemarkDevtoolsProps, usePanel } from "./use-panel.ts"

export type { TidemarkDevtoolsProps } from "./use-panel.ts"

/**
 * Shows the panel for a store, in production builds too. Inline, it fills its parent.
 *
 * @example
 * {user.isAdmin && <TidemarkDevtools store={store} />}
 */
export function TidemarkDevtools(props: TidemarkDevtoolsProps): ReactElement | null {
  return usePanel(mountDevtools, props)
}
