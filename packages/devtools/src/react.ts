"use client"

import type { ReactElement } from "react"
import { mountDevtools } from "./chosen.ts"
import { type TidemarkDevtoolsProps, usePanel } from "./use-panel.ts"

export type { TidemarkDevtoolsProps } from "./use-panel.ts"

/**
 * Shows the panel for a store. Nothing in a production build; `@tidemark/devtools/react/production`
 * has it there too. Inline, it fills its parent.
 *
 * @example
 * <TidemarkDevtools store={store} position="bottom-left" />
 */
export function TidemarkDevtools(props: TidemarkDevtoolsProps): ReactElement | null {
  return usePanel(mountDevtools, props)
}
