import { useEffect, useState } from "react"
import type { StatusText } from "./status-text.ts"

/** How long things must be busy before it is said, in milliseconds: a key stroke is saved sooner. */
const GRACE = 400

/** The status to show: good and bad at once, busy only when it lasts. */
export function useCalmStatus({ tone, text }: StatusText): StatusText {
  const [shown, show] = useState<StatusText>({ tone: "good", text: "" })
  useEffect(() => {
    if (tone !== "busy") return show({ tone, text })
    const timer = setTimeout(() => show({ tone, text }), shown.tone === "busy" ? 0 : GRACE)
    return () => clearTimeout(timer)
  }, [tone, text, shown.tone])
  return shown
}
