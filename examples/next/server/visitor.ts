/** The cookie that tells one visitor from another. */
export const VISITOR_COOKIE = "atlas-visitor"

/** Who visits, by the text of the cookie header; `undefined` for who has not opened the page. */
export function visitorOf(cookies: string): string | undefined {
  for (const cookie of cookies.split(";")) {
    const [name, value = ""] = cookie.trim().split("=")
    if (name === VISITOR_COOKIE && UUID.test(value)) return value
  }
  return undefined
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
