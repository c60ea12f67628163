import { StoreError } from "@tidemark/core"

/** Which pages and names a server answers. */
export interface SiteOptions {
  readonly origins: readonly string[]
  /** The `Host` headers that are accepted; any when undefined. */
  readonly hosts: readonly string[] | undefined
  /** Whether what a proxy says of a request, in `X-Forwarded-…`, is believed. */
  readonly trustProxy: boolean
}

/**
 * Refuses requests that a page of another site has made: a browser would send the cookies of who
 * looks at it along. And those for a name that is not the server's: a page can have its own name
 * lead to the address of a server that it could not reach otherwise.
 *
 * @throws StoreError `unauthorized`
 */
export function checkSite(request: Request, options: SiteOptions): void {
  const host = ownHost(request, options)
  if (options.hosts !== undefined && !options.hosts.includes(host)) {
    throw new StoreError("unauthorized", "The server does not answer to this name")
  }
  const origin = request.headers.get("origin")
  if (origin !== null && options.origins.includes(origin)) return
  // Told by the browser itself: no page can alter it. Sibling domains are others, too.
  const site = request.headers.get("sec-fetch-site")
  const isOwn = site === null || site === "same-origin" || site === "none"
  // A browser that says so has compared the schemes, and sees what a proxy may hide from here.
  const schemes = site === "same-origin" ? ["http:", "https:"] : [ownScheme(request, options)]
  const isOwnOrigin = (origin: string) => schemes.some((scheme) => isOrigin(origin, scheme, host))
  if (isOwn && (origin === null || isOwnOrigin(origin))) return
  throw new StoreError("unauthorized", "Requests of other sites are not accepted")
}

function ownHost({ headers, url }: Request, { trustProxy }: SiteOptions): string {
  const forwarded = trustProxy ? firstOf(headers.get("x-forwarded-host")) : undefined
  return (forwarded ?? headers.get("host") ?? new URL(url).host).toLowerCase()
}

function ownScheme({ headers, url }: Request, { trustProxy }: SiteOptions): string {
  const forwarded = trustProxy ? firstOf(headers.get("x-forwarded-proto")) : undefined
  return forwarded === undefined ? new URL(url).protocol : `${forwarded}:`
}

/** What the proxy nearest to the browser has said. */
function firstOf(header: string | null): string | undefined {
  return header?.split(",")[0]?.trim() || undefined
}

function isOrigin(origin: string, scheme: string, host: string): boolean {
  const own = `${scheme}//${host}`
  return URL.canParse(own) && URL.canParse(origin) && new URL(own).origin === new URL(origin).origin
}
