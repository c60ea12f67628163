import { StoreError } from "@tidemark/core"

/**
 * Refuses requests that a page of another site has made: a browser would send the cookies of who
 * looks at it along.
 *
 * @throws StoreError `unauthorized`
 */
export function checkSite(request: Request, origins: readonly string[]): void {
  const origin = request.headers.get("origin")
  if (origin !== null && origins.includes(origin)) return
  // Told by the browser itself: no page can alter it. Sibling domains are others, too.
  const site = request.headers.get("sec-fetch-site")
  const isOwn = site === null || site === "same-origin" || site === "none"
  if (isOwn && (origin === null || hostOf(origin) === ownHost(request))) return
  throw new StoreError("unauthorized", "Requests of other sites are not accepted")
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined
}

function ownHost({ headers, url }: Request): string {
  return headers.get("x-forwarded-host") ?? headers.get("host") ?? new URL(url).host
}
