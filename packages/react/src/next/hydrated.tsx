import type { KindName, Kinds } from "@tidemark/core"
import type { ReactNode } from "react"
import { type HydrationRequest, readState } from "../dehydrate.ts"
// By the module that says "use client", so that it stays on the client's side.
import { HydrationBoundary } from "../index.ts"
import { readRequest } from "./request-reader.ts"
import type { ServerStore } from "./server-store.ts"

/** What `Hydrated` is given. */
export interface HydratedProps<K extends Kinds, N extends readonly KindName<K>[]> {
  readonly store: ServerStore<K>
  /** What the hooks below read, as `dehydrate` takes it. */
  readonly read: { readonly [I in keyof N]: HydrationRequest<K, N[I]> }
  readonly children?: ReactNode
}

/**
 * A server component that reads what the components below it show, and gives it to their hooks:
 * on the server, in the first render of the client, and until the client's own store knows as
 * much. In a `Suspense` it is streamed when it has been read. Must be below a StoreProvider.
 *
 * @throws as `dehydrate` does, to the nearest error boundary
 * @example
 * <Suspense fallback={<Skeleton />}>
 *   <Hydrated store={tasks} read={[["tasks", { where: { done: false } }]]}>
 *     <OpenTasks />
 *   </Hydrated>
 * </Suspense>
 */
export async function Hydrated<K extends Kinds, const N extends readonly KindName<K>[]>({
  store,
  read,
  children,
}: HydratedProps<K, N>): Promise<ReactNode> {
  const state = await readState(await readRequest(store), read)
  return <HydrationBoundary state={state}>{children}</HydrationBoundary>
}
