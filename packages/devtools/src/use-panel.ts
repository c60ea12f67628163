import { createElement, type ReactElement, useEffect, useRef } from "react"
import type { DevtoolsOptions, InspectedStore, MountDevtools } from "./devtools.ts"

/** The store to show, and how to show it. */
export interface TidemarkDevtoolsProps extends DevtoolsOptions {
  readonly store: InspectedStore
}

/** Mounts the panel by a given function for as long as a React component is there. */
export function usePanel(
  mount: MountDevtools,
  { store, mode, position, theme, open, storageKey }: TidemarkDevtoolsProps,
): ReactElement | null {
  const place = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // A floating panel is a child of the body, so that no ancestor clips or transforms it.
    const element = mode === "inline" ? place.current : document.body
    if (element === null) return
    const devtools = mount(element, store, given({ mode, position, theme, open, storageKey }))
    return () => devtools.unmount()
  }, [mount, store, mode, position, theme, open, storageKey])
  return mode === "inline" ? createElement("div", { ref: place, style: { height: "100%" } }) : null
}

type Loose<T> = { [N in keyof T]: T[N] | undefined }

/** The options without those that are `undefined`. */
function given(options: Loose<DevtoolsOptions>): DevtoolsOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}
