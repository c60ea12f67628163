import { atlas } from "../../../server/atlas.ts"

/** Changes go out as server-sent events, edits come in by POST. */
function handle(request: Request): Promise<Response> {
  return atlas().handler(request)
}

export { handle as GET, handle as POST }
export const dynamic = "force-dynamic"
