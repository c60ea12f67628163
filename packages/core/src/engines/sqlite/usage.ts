import type { Change } from "../../change.ts"
import type { Row } from "../../entry.ts"
import { isInScope } from "../../scope-name.ts"
import { type KindUsage, sizeOf, type Usage, usageStep } from "../../usage.ts"
import type { SqliteConnection, SqliteStatement } from "./connection.ts"
import type { SqliteReads } from "./read.ts"

/** What the kinds of all scopes take, counted in the table `usage` along with the changes. */
export class SqliteUsage {
  readonly #reads: SqliteReads
  readonly #add: SqliteStatement
  readonly #inScope: SqliteStatement

  constructor(connection: SqliteConnection, reads: SqliteReads) {
    this.#reads = reads
    this.#add = connection.prepare(
      "INSERT INTO usage VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET keys = keys + excluded.keys, bytes = bytes + excluded.bytes",
    )
    this.#inScope = connection.prepare("SELECT * FROM usage WHERE kind >= ? AND kind < ?")
  }

  /** Counts one change, with the row that it met. */
  add(change: Change, met: Row | undefined): void {
    const { keys, bytes } = usageStep(change, met)
    this.#add.run(change.kind, keys, bytes)
  }

  /** What a scope holds that has not expired. */
  of(scope: string, now: number): Usage {
    // Kinds of a scope go on with ":", those of scopes inside it with "/"; "0" is the next after "/", ":" after "9".
    const rows = [
      ...this.#inScope.all(`${scope}/`, `${scope}0`),
      ...this.#inScope.all(`${scope}:`, `${scope};`),
    ] as ({ readonly kind: string } & KindUsage)[]
    const usage = new Map<string, KindUsage>(rows.map(({ kind, ...taken }) => [kind, taken]))
    for (const { kind, key, value } of this.#reads.expired(now)) {
      if (!isInScope(kind, scope)) continue
      const { keys, bytes } = usage.get(kind) ?? { keys: 0, bytes: 0 }
      usage.set(kind, { keys: keys - 1, bytes: bytes - sizeOf(key, value) })
    }
    return usage
  }
}
