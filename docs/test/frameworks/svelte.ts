import type { Live } from "@tidemark/core"
import type { Readable } from "svelte/store"

/** A live result as a store of Svelte: `$tasks` in a component. */
export function readableOf<T>(live: Live<T>): Readable<T> {
  return {
    subscribe(run) {
      run(live.get())
      return live.subscribe(() => run(live.get()))
    },
  }
}
