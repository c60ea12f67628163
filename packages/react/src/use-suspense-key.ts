import type { KindName, Kinds, ValueOf } from "@tidemark/core"
import { useSurroundings } from "./context.ts"
import type { RegisteredKinds } from "./register.ts"
import { waitForLive } from "./suspense.ts"
import { useKey } from "./use-key.ts"

export type UseSuspenseKey<K extends Kinds> = <N extends KindName<K>>(
  kind: N,
  key: string,
) => ValueOf<K, N> | undefined

/**
 * As `useKey`, but the nearest Suspense boundary shows its fallback until the store is open and
 * the key has been read: `undefined` then means that there is no entry. What was hydrated is there
 * at once. What cannot be read is thrown to the nearest error boundary.
 *
 * @throws StoreError as `useKey` does; `storage_unavailable` where there will be no store
 * @example
 * <Suspense fallback={<Spinner />}><Profile /></Suspense> // Profile calls useSuspenseKey("users", "alice")
 */
export const useSuspenseKey: UseSuspenseKey<RegisteredKinds> = (kind, key) => {
  const surroundings = useSurroundings("useSuspenseKey()")
  const { store, hydration } = surroundings
  const value = useKey(kind, key)
  const live = store?.live(kind, key)
  if (!hydration?.key(kind, key)?.isReadBy(live)) {
    waitForLive(surroundings, live, `${kind}/${key}`)
  }
  return value
}
