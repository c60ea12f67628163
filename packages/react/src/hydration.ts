import type { Entry } from "@tidemark/core"
import type { DehydratedState } from "./dehydrated.ts"
import { HydratedResult } from "./hydrated-result.ts"
import { ServerPosition } from "./server-position.ts"

/** Entries of any kind: the types of the hooks say which values they have. */
type HydratedEntries = readonly Entry<never>[]

/** The results of a dehydrated state, to be found by the hooks below its boundary. */
export class Hydration {
  readonly #keys = new Map<string, HydratedResult<unknown>>()
  readonly #entries = new Map<string, HydratedResult<Entry | undefined>>()
  readonly #lists = new Map<string, HydratedResult<HydratedEntries>>()
  readonly #outer: Hydration | undefined

  /** `outer` is asked for what is not in the state. */
  constructor({ epoch, seq, keys, lists }: DehydratedState, outer: Hydration | undefined) {
    const position = new ServerPosition(epoch, seq)
    for (const [kind, key, entry] of keys) {
      const name = nameOf(kind, key)
      this.#keys.set(name, new HydratedResult(entry?.value, position))
      this.#entries.set(name, new HydratedResult(entry ?? undefined, position))
    }
    for (const [kind, id, entries] of lists) {
      this.#lists.set(nameOf(kind, id), new HydratedResult(entries as HydratedEntries, position))
    }
    this.#outer = outer
  }

  /** The value of a key; `undefined` where it was not asked for. */
  key(kind: string, key: string): HydratedResult<unknown> | undefined {
    return this.#keys.get(nameOf(kind, key)) ?? this.#outer?.key(kind, key)
  }

  /** The entry of a key; `undefined` where it was not asked for. */
  entry(kind: string, key: string): HydratedResult<Entry | undefined> | undefined {
    return this.#entries.get(nameOf(kind, key)) ?? this.#outer?.entry(kind, key)
  }

  /** The entries of a list, by its `queryId`; `undefined` where it was not asked for. */
  list(kind: string, id: string): HydratedResult<HydratedEntries> | undefined {
    return this.#lists.get(nameOf(kind, id)) ?? this.#outer?.list(kind, id)
  }
}

/** Joined with an escape, because a kind may have any character. */
function nameOf(kind: string, name: string): string {
  return JSON.stringify([kind, name])
}
