import type { Live } from "@tidemark/core"
import { onScopeDispose, type ShallowRef, shallowRef } from "vue"

/** A live result as a ref, for as long as the component, or another scope of effects, lives. */
export function useLive<T>(live: Live<T>): Readonly<ShallowRef<T>> {
  const value = shallowRef(live.get())
  const stop = live.subscribe(() => {
    value.value = live.get()
  })
  onScopeDispose(stop)
  return value
}
