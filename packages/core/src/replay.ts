import { replayOf } from "./change.ts"
import type { Progress } from "./consumer-record.ts"
import type { Portion } from "./handling.ts"
import { compareText } from "./order.ts"
import type { Query } from "./query.ts"
import type { Reader, Store } from "./store.ts"
import { type Target, targetTest } from "./target.ts"

/** So many entries are read at once. */
const PAGE = 1_000

/**
 * The entries of a target as they were at a position, in the order of kinds and keys: who stops
 * after one goes on with the next, today or after a restart.
 */
export class Replay {
  readonly #past: Reader
  readonly #target: Target
  readonly #progress: Progress
  /** The kinds that were not read to their end. */
  #kinds: readonly string[] | undefined
  /** The last key that was read of the first of them. */
  #key: string | undefined
  #portions: readonly Portion[] = []

  /** @throws StoreError `invalid_value` for a position that the store has not reached. */
  constructor(store: Store, target: Target, progress: Progress) {
    this.#past = store.at(progress.position)
    this.#target = target
    this.#progress = progress
  }

  /**
   * The next portions, the same ones until they are `taken`; none at the end.
   * @throws StoreError `position_too_old` when the store no longer knows how it was.
   */
  async next(limit: number): Promise<readonly Portion[]> {
    this.#kinds ??= await this.#begin()
    while (this.#portions.length === 0 && this.#kinds.length > 0) await this.#read(this.#kinds)
    return this.#portions.slice(0, limit)
  }

  /** Says that so many portions are done with. */
  taken(count: number): void {
    this.#portions = this.#portions.slice(count)
  }

  async #begin(): Promise<readonly string[]> {
    const [kind, key] = this.#progress.replay ?? []
    const kinds = await kindsIn(this.#target, this.#past)
    if (kind === undefined) return kinds
    if (kinds.includes(kind)) this.#key = key
    return kinds.filter((one) => compareText(one, kind) >= 0)
  }

  async #read(kinds: readonly string[]): Promise<void> {
    const { position } = this.#progress
    const [kind = "", ...others] = kinds
    const query: Query = { prefix: prefixOf(this.#target), limit: PAGE }
    const page = this.#key === undefined ? query : { ...query, after: this.#key }
    const entries = await this.#past.list(kind, page)
    this.#key = entries.at(-1)?.key
    if (entries.length < PAGE) {
      this.#kinds = others
      this.#key = undefined
    }
    const test = targetTest(this.#target)
    this.#portions = entries
      .filter(({ key }) => test(kind, key))
      .map((entry) => ({
        changes: [replayOf(entry)],
        progress: { position, replay: [kind, entry.key] },
      }))
  }
}

/** The kinds that a target may touch, in order. */
async function kindsIn(target: Target, reader: Reader): Promise<readonly string[]> {
  const kinds = new Set<string>()
  const parts = [target]
  for (const part of parts) {
    if (part === "*") for (const kind of await reader.kinds()) kinds.add(kind)
    else if (typeof part === "string") kinds.add(part)
    else if ("anyOf" in part) parts.push(...part.anyOf)
    else kinds.add("prefix" in part ? part.kind : part[0])
  }
  return [...kinds].sort(compareText)
}

/** What all keys of a target begin with. */
function prefixOf(target: Target): string {
  if (typeof target === "string" || "anyOf" in target) return ""
  return "prefix" in target ? target.prefix : target[1]
}
