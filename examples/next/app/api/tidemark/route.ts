import { routeHandlers } from "@tidemark/react/next"
import { createHandler } from "@tidemark/sync/http-handler"
import { atlas } from "../../../server/atlas.ts"
import { authorize } from "../../../server/authorize.ts"

/** Changes go out as server-sent events, edits come in by POST. */
export const { GET, POST } = routeHandlers(atlas, (store) =>
  createHandler(store, { authorize, onError: (error) => console.error(error) }),
)
