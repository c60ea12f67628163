/** What a page does when the browser may stop it, and when it goes on. */
export interface PageLife {
  pause(): void
  resume(): void
}

/**
 * Tells when a page goes into the back/forward cache or is frozen, and when it comes back. What it
 * holds then, nobody else can have, and the browser does not keep a page that holds locks. A page
 * that only ends is left alone: its worker may still finish what it has been sent.
 */
export function onPageLife({ pause, resume }: PageLife): () => void {
  const listening = new AbortController()
  const { signal } = listening
  const hidden = (event: PageTransitionEvent) => event.persisted && pause()
  const shown = (event: PageTransitionEvent) => event.persisted && resume()
  addEventListener("pagehide", hidden, { signal })
  addEventListener("pageshow", shown, { signal })
  document.addEventListener("freeze", pause, { signal })
  document.addEventListener("resume", resume, { signal })
  return () => listening.abort()
}
