import { type Change, type Entry, type Store, StoreError } from "@tidemark/core"
import { entryTest, storedFacts } from "@tidemark/core/engine"
import { type Authorization, mayRead } from "./authorization.ts"
import { fingerprint } from "./fingerprint.ts"
import { type Follow, type FollowTarget, unheldOf } from "./follow.ts"
import type { Hello } from "./message.ts"

/** The cause of a delete that is none: the entry is no longer one of those that are followed. */
export const LEFT = "left"

/** Whether an entry, with its value as it is stored, is followed. */
type EntryFilter = (entry: Pick<Entry, "kind" | "key" | "value">) => boolean

/** What of a store is told to one follower: what it may read, as far as it asks for it. */
export class Filter {
  readonly #store: Store
  readonly #authorization: Authorization
  readonly #follow: Follow
  /** `null`: all that may be read. */
  readonly #targets: ReadonlyMap<string, EntryFilter | undefined> | null

  readonly #unheld: readonly string[]

  constructor(store: Store, authorization: Authorization, follow: Follow) {
    this.#store = store
    this.#authorization = authorization
    this.#follow = follow
    this.#unheld = unheldOf(follow)
    this.#targets = follow && new Map(follow.map((one) => [one.kind, this.#filterOf(one)]))
  }

  /**
   * Stands for all that decides, besides the sequence and the position, what a follower is told: the
   * scope, the kinds, the conditions, and the schemas in which values are held against these.
   */
  get view(): string {
    const { scope, schema } = storedFacts(this.#store)
    const kinds = this.#follow
      ? this.#follow
          .filter(({ kind }) => mayRead(this.#authorization, kind))
          .map((one) => [one, one.where === undefined ? 0 : schema(one.kind)])
      : (this.#authorization.kinds?.toSorted() ?? null)
    return fingerprint(JSON.stringify([scope, this.#follow === null, kinds]))
  }

  /** The kinds that are written in a newer schema than a follower can read, with its version. */
  newerThan(schemas: Hello["schemas"]): Hello["schemas"] | undefined {
    const { schema } = storedFacts(this.#store)
    const newer = Object.entries(schemas).flatMap(([kind, version]) =>
      this.hasKind(kind) && schema(kind) > version ? [[kind, schema(kind)] as const] : [],
    )
    return newer.length === 0 ? undefined : Object.fromEntries(newer)
  }

  /** Whether a kind is followed, or a part of it. */
  hasKind(kind: string): boolean {
    return mayRead(this.#authorization, kind) && this.#targets?.has(kind) !== false
  }

  /** Whether what is followed of a kind is held by its follower. */
  holds(kind: string): boolean {
    return this.hasKind(kind) && !this.#unheld.includes(kind)
  }

  /** The kinds that may be held by its follower, each once; `undefined` where they are not listed anywhere. */
  get named(): readonly string[] | undefined {
    const kinds = this.#follow?.map(({ kind }) => kind) ?? this.#authorization.kinds
    return kinds && [...new Set(kinds)].filter((kind) => this.holds(kind))
  }

  /** Whether its follower is told of every position: what it asks may be of any. */
  get tellsAll(): boolean {
    return this.#unheld.length > 0
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

  #filterOf({ kind: _, hold: __, ...query }: FollowTarget): EntryFilter | undefined {
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
