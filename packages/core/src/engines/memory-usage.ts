import type { Change } from "../change.ts"
import type { Row } from "../entry.ts"
import { isInScope, isScoped } from "../scope-name.ts"
import { type KindUsage, sizeOf, type Usage, usageStep } from "../usage.ts"

/** What the kinds of all scopes take, counted along with the changes. */
export class MemoryUsage {
  readonly #kinds = new Map<string, KindUsage>()

  /** Counts everything anew. */
  count(rows: Iterable<Row>): void {
    this.#kinds.clear()
    for (const row of rows) {
      if (isScoped(row.kind) && !row.deleted) this.#step(row.kind, 1, sizeOf(row.key, row.value))
    }
  }

  /** Counts one change, with the row that it met. */
  add(change: Change, met: Row | undefined): void {
    const { keys, bytes } = usageStep(change, met)
    this.#step(change.kind, keys, bytes)
  }

  /** What a scope takes without some of its rows. */
  of(scope: string, without: readonly Row[]): Usage {
    const usage = new Map([...this.#kinds].filter(([kind]) => isInScope(kind, scope)))
    for (const { kind, key, value } of without) {
      const taken = usage.get(kind)
      if (taken === undefined) continue
      usage.set(kind, { keys: taken.keys - 1, bytes: taken.bytes - sizeOf(key, value) })
    }
    return usage
  }

  #step(kind: string, moreKeys: number, moreBytes: number): void {
    const { keys, bytes } = this.#kinds.get(kind) ?? { keys: 0, bytes: 0 }
    this.#kinds.set(kind, { keys: keys + moreKeys, bytes: bytes + moreBytes })
  }
}
