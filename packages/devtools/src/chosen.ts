import type { MountDevtools } from "./devtools.ts"
import { mountDevtools as mountNothing } from "./empty.ts"
import { mountDevtools as mountPanel } from "./mount.ts"

// What bundlers put in its place is a literal; elsewhere it may be missing.
declare const process: { readonly env: { readonly NODE_ENV?: string } }

let chosen: MountDevtools = mountNothing
// In this form a bundler that knows NODE_ENV drops the panel with its imports, and a page without
// a `process` still runs: there the lookup throws.
try {
  if (process.env.NODE_ENV !== "production") chosen = mountPanel
} catch {
  chosen = mountPanel
}

/**
 * Mounts the panel under an element. In a production build it mounts nothing, and bundlers leave
 * its code out; import from `@tidemark/devtools/production` to have it there too. It only
 * observes: what goes wrong in it is shown in it, and never thrown into the application.
 *
 * @example
 * const devtools = mountDevtools(document.body, store, { position: "bottom-left" })
 * devtools.unmount()
 */
export const mountDevtools: MountDevtools = (element, store, options) =>
  chosen(element, store, options)
