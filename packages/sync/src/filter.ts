import { type Change, type Entry, type Store, StoreError } from "@tidemark/core"
import { entryTest, storedFacts } from "@tidemark/core/engine"
import { type Authorization, mayRead } from "./authorization.ts"
import type { Follow, FollowTarget } from "./follow.ts"

/** The cause of a delete that is none: the entry is no longer one of those that are followed. */
export const LEFT = "left"

/** Whether an entry, with its value as it is stored, is followed. */
type EntryFilter = (entry: Pick<Entry, "kind" | "key" | "value">) => boolean

/** What of a store is told to one follower: what it may read, as far as it asks for it. */
export class Filter {
  readonly #store: Store
  readonly #authorization: Authorization
  /** `null`: all that may be read. */
  readonly #targets: ReadonlyMap<string, EntryFilter | undefined> | null

  constructor(store: Store, authorization: Authorization, follow: Follow) {
    this.#store = store
    this.#authorization = authorization
    this.#targets = follow && new Map(follow.map((one) => [one.kind, this.#filterOf(one)]))
  }

  /** Whether a kind is followed, or a part of it. */
  hasKind(kind: string): boolean {
    return mayRead(this.#authorization, kind) && this.#targets?.has(kind) !== false
  }

  /** Whether an entry of a kind that is followed is. */
  has(entry: Pick<Entry, "kind" | "key" | "value">): boolean {
    return this.#targets?.get(entry.kind)?.(entry) !== false
  }

  /** A change as its follower sees it; `undefined` when it is about nothing that was or is followed. */
  seen(change: Change): Change | undefined {
    if (!this.hasKind(change.kind)) return undefined
    if (this.#targets?.get(change.kind) === undefined) return change
    const { type, previous, ...rest } = change
    if (type === "delete") return this.has(change) ? change : undefined
    const isIn = this.has(change)
    const wasIn = type === "update" ? this.#had(change) : false
    if (isIn) return wasIn === false ? { ...rest, type: "create" } : change
    if (wasIn === false) return undefined
    const { expiresAt: _, ...left } = rest
    return { ...left, type: "delete", value: previous ?? null, cause: LEFT }
  }

  /** Whether an entry was followed before an update; `undefined` where the log does not tell any more. */
  #had(change: Change): boolean | undefined {
    const { kind, key, previous } = change
    return "previous" in change ? this.has({ kind, key, value: previous }) : undefined
  }

  #filterOf({ kind: _, ...query }: FollowTarget): EntryFilter | undefined {
    if (query.prefix === undefined && query.where === undefined) return undefined
    const test = entryTest(query)
    const { unpack } = storedFacts(this.#store)
    return (entry) => {
      try {
        const value = query.where === undefined ? entry.value : unpack(entry, entry.value)
        return test({ ...entry, value } as Entry)
      } catch (error) {
        // What the authority cannot read passes no condition.
        if (StoreError.is(error)) return false
        throw error
      }
    }
  }
}
