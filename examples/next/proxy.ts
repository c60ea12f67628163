import { type NextRequest, NextResponse } from "next/server"
import { VISITOR_COOKIE, visitorOf } from "./server/visitor.ts"

/** Who opens the page for the first time is given a name, so that its edits can be told from others'. */
export function proxy(request: NextRequest): NextResponse {
  const known = visitorOf(request.headers.get("cookie") ?? "")
  const response = NextResponse.next()
  response.cookies.set(VISITOR_COOKIE, known ?? crypto.randomUUID(), {
    httpOnly: true,
    sameSite: "lax",
    path: "/",
    maxAge: 400 * 24 * 60 * 60,
  })
  return response
}

export const config = { matcher: "/" }
