import type { Live } from "@tidemark/core"
import { type Accessor, from } from "solid-js"

/** A live result as a signal, for as long as its owner lives. */
export function liveSignal<T>(live: Live<T>): Accessor<T> {
  return from((set) => {
    set(() => live.get())
    return live.subscribe(() => set(() => live.get()))
  }, live.get())
}
