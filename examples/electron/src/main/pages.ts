import { readdirSync } from "node:fs"
import { readFile } from "node:fs/promises"
import path from "node:path"
import { lookup } from "mrmime"

/** The scheme of the application's own pages: unlike `file:`, it has a real origin. */
export const PAGE_SCHEME = "app"

export const PAGE_ORIGIN = `${PAGE_SCHEME}://notes`

/** Only what the application ships itself; nothing inline, nothing from a network. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ")

/**
 * Answers requests for the files of a folder. The files are listed once: a path that is not one
 * of theirs, however it is written, gets 404.
 */
export function pageHandler(folder: string): (request: Request) => Promise<Response> {
  const files = new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .map((file) => [`/${path.relative(folder, file).split(path.sep).join("/")}`, file]),
  )
  return async (request) => {
    const { pathname } = new URL(request.url)
    const file = files.get(pathname === "/" ? "/index.html" : pathname)
    if (file === undefined) return new Response("Not found", { status: 404 })
    if (request.method !== "GET") return new Response("Not allowed", { status: 405 })
    return new Response(new Uint8Array(await readFile(file)), {
      headers: {
        "content-type": contentType(file),
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      },
    })
  }
}

/** Whether a URL is a page of the application: same scheme, host and port as its start page. */
export function isOwnPage(url: string, start: string): boolean {
  if (!URL.canParse(url)) return false
  const { protocol, host } = new URL(url)
  const own = new URL(start)
  return protocol === own.protocol && host === own.host
}

/** The origin of a URL. URLs of schemes that the standard does not know say "null" themselves. */
export function originOf(url: string): string {
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

function contentType(file: string): string {
  const type = lookup(file) ?? "application/octet-stream"
  return type.startsWith("text/") ? `${type}; charset=utf-8` : type
}
