"use client"

import type { TidemarkDevtoolsProps } from "./use-panel.ts"

export type { TidemarkDevtoolsProps } from "./use-panel.ts"

/** Shows nothing: the devtools of a production build. */
export function TidemarkDevtools(_props: TidemarkDevtoolsProps): null {
  return null
}
