import { routeHandlers } from "@tidemark/react/next"
import { createHandler } from "@tidemark/sync/http-handler"
import { tasks } from "../../../server/tasks.ts"

export const { GET, POST } = routeHandlers(tasks, (store) =>
  createHandler(store, { authorize: () => ({ principal: "somebody" }) }),
)
