import type { Kinds, Store } from "@tidemark/core"
import type { ServerStore } from "./server-store.ts"

/** A web-standard handler, such as `createHandler` of `@tidemark/sync/http-handler` makes. */
export interface RouteHandler {
  (request: Request): Promise<Response>
  /** Ends what is under way, when the process is told to stop. */
  close?(): Promise<void>
}

/** What the module of a route exports. */
export interface RouteHandlers {
  readonly GET: (request: Request) => Promise<Response>
  readonly POST: (request: Request) => Promise<Response>
}

/**
 * The exports of a route through which browsers follow a store and write to it. `create` is called
 * with the store at the first request.
 *
 * @throws what opening the store, or `create`, throws; the next request tries again
 * @example
 * // app/api/tidemark/route.ts
 * export const { GET, POST } = routeHandlers(tasks, (store) => createHandler(store, { authorize }))
 */
export function routeHandlers<K extends Kinds>(
  server: ServerStore<K>,
  create: (store: Store<K>) => RouteHandler,
): RouteHandlers {
  let creating: Promise<RouteHandler> | undefined
  const handle = async (request: Request) => {
    creating ??= created(server, create).catch((error) => {
      creating = undefined
      throw error
    })
    const handler = await creating
    return handler(request)
  }
  return { GET: handle, POST: handle }
}

async function created<K extends Kinds>(
  server: ServerStore<K>,
  create: (store: Store<K>) => RouteHandler,
): Promise<RouteHandler> {
  const handler = create(await server.open())
  server.closeFirst(async () => handler.close?.())
  return handler
}
