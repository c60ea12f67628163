import type { Entry } from "@tidemark/core"
import { Cell, type Readable } from "./cell.ts"
import { type Failure, failureOf } from "./failure.ts"
import type { Inspector } from "./inspector.ts"

/** An entry as it is now, pending writes included. */
export interface ChosenEntry {
  /** `undefined` where there is none. */
  readonly entry: Entry | undefined
  readonly loading: boolean
  readonly failure: Failure | undefined
}

/** Follows one entry. */
export function chosenEntry(
  { store }: Inspector,
  kind: string,
  key: string,
): Readable<ChosenEntry> {
  try {
    // Of all keys that begin so, the key itself is the first.
    const list = store.liveList(kind, { prefix: key, limit: 1 })
    let shown: ChosenEntry | undefined
    const get = (): ChosenEntry => {
      const [first] = list.get()
      const entry = first?.key === key ? first : undefined
      const loading = list.status === "loading"
      const failure =
        list.status === "failed" ? { message: `${kind}/${key} could not be read` } : undefined
      if (
        shown?.entry !== entry ||
        shown?.loading !== loading ||
        shown?.failure?.message !== failure?.message
      ) {
        shown = { entry, loading, failure }
      }
      return shown as ChosenEntry
    }
    return { get, subscribe: (listener) => list.subscribe(listener) }
  } catch (error) {
    return new Cell<ChosenEntry>({ entry: undefined, loading: false, failure: failureOf(error) })
  }
}
