import { h, render } from "preact"
import type { DevtoolsOptions, MountDevtools } from "./devtools.ts"
import { Root } from "./panel/root.tsx"
import { styles } from "./styles/sheet.ts"

/**
 * Mounts the panel under an element, in production builds too. It only observes: what goes wrong
 * in it is shown in it, and never thrown into the application.
 *
 * @example
 * const devtools = mountDevtools(document.body, store, { position: "bottom-left" })
 * devtools.unmount()
 */
export const mountDevtools: MountDevtools = (element, store, options = {}) => {
  const host = element.ownerDocument.createElement("div")
  host.dataset.tidemarkDevtools = ""
  const root = host.attachShadow({ mode: "open" })
  addStyles(root)
  keepKeysInside(host)
  element.append(host)
  render(h(Root, { store, options: { ...defaults, ...options } }), root)
  return {
    unmount() {
      render(null, root)
      host.remove()
    },
  }
}

const defaults: Required<DevtoolsOptions> = {
  mode: "floating",
  position: "bottom-right",
  theme: "auto",
  open: false,
  storageKey: "tidemark-devtools",
}

/** A sheet of the document's own kind: a strict content security policy refuses style elements. */
function addStyles(root: ShadowRoot): void {
  const view = root.ownerDocument.defaultView ?? window
  const sheet = new view.CSSStyleSheet()
  sheet.replaceSync(styles)
  root.adoptedStyleSheets = [sheet]
}

/** What is typed into the panel is none of the application's shortcuts. */
function keepKeysInside(host: HTMLElement): void {
  for (const type of ["keydown", "keyup", "keypress"]) {
    host.addEventListener(type, (event) => event.stopPropagation())
  }
}
