import { DestroyRef, inject, type Signal, signal } from "@angular/core"
import type { Live } from "@tidemark/core"

/** A live result as a signal, for as long as the component, or another injection context, lives. */
export function toLiveSignal<T>(live: Live<T>): Signal<T> {
  const value = signal(live.get(), { equal: Object.is })
  inject(DestroyRef).onDestroy(live.subscribe(() => value.set(live.get())))
  return value.asReadonly()
}
