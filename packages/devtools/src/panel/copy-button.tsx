import type { VNode } from "preact"
import { useState } from "preact/hooks"
import { Icon } from "./icon.tsx"

const LABELS = {
  idle: "Copy as JSON",
  copied: "Copied",
  refused: "The browser refused to copy",
} as const

/** Copies a text to the clipboard, and says how that went. */
export function CopyButton({ text }: { readonly text: () => string }): VNode {
  const [state, setState] = useState<keyof typeof LABELS>("idle")
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text())
      setState("copied")
    } catch {
      setState("refused")
    }
  }
  return (
    <button
      type="button"
      class="icon-button"
      data-state={state}
      aria-label={LABELS[state]}
      title={LABELS[state]}
      onClick={() => void copy()}
      onBlur={() => setState("idle")}
    >
      <Icon name={state === "copied" ? "check" : "copy"} />
    </button>
  )
}
