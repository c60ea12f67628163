import "server-only"

export type { HydrationRequest } from "./dehydrate.ts"
export type { DehydratedState } from "./dehydrated.ts"
export { Hydrated, type HydratedProps } from "./next/hydrated.tsx"
export { type RequestReader, readRequest } from "./next/request-reader.ts"
export { type RouteHandler, type RouteHandlers, routeHandlers } from "./next/route-handlers.ts"
export {
  type ActionContext,
  type ActionOptions,
  type ActionResult,
  type ServerAction,
  serverAction,
} from "./next/server-action.ts"
export { type ServerStore, serverStore } from "./next/server-store.ts"
