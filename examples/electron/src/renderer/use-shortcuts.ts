import { useEffect, useEffectEvent } from "react"

/** Calls a function when its key is pressed together with Ctrl or ⌘; a capital wants Shift too. */
export function useShortcuts(shortcuts: Readonly<Record<string, () => void>>): void {
  const press = useEffectEvent((event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    const key = event.shiftKey ? event.key.toUpperCase() : event.key
    const run = Object.hasOwn(shortcuts, key) ? shortcuts[key] : undefined
    if (run === undefined) return
    event.preventDefault()
    run()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent) => press(event)
    window.addEventListener("keydown", listener)
    return () => window.removeEventListener("keydown", listener)
  }, [])
}
