import { useSyncExternalStore } from "react"

/** The width under which the detail covers the table; the same as in `styles/detail.css`. */
const PHONE = "(max-width: 55rem)"

/** Whether the detail covers the table. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => matchMedia(PHONE).matches,
    () => false,
  )
}

function subscribe(listener: () => void): () => void {
  const media = matchMedia(PHONE)
  media.addEventListener("change", listener)
  return () => media.removeEventListener("change", listener)
}
