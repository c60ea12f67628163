import type { Change } from "@tidemark/core"
import { entryTest, isExpired, isReserved, type Row, rowAfter } from "@tidemark/core/engine"
import { CLIENTS } from "../../src/clients.ts"
import type { FollowTarget } from "../../src/follow.ts"

/** What a log says at a position: change after change, with nothing left out. */
export class Fold {
  readonly epoch: string
  position = 0
  readonly #rows = new Map<string, Row>()

  constructor(epoch: string) {
    this.epoch = epoch
  }

  /** Goes on to a position of a log. */
  advance(log: readonly Change[], to: number): void {
    for (const change of log.slice(this.position, to)) {
      this.#rows.set(JSON.stringify([change.kind, change.key]), rowAfter(change))
    }
    this.position = to
  }

  get rows(): readonly Row[] {
    return [...this.#rows.values()]
  }

  row(kind: string, key: string): Row | undefined {
    return this.#rows.get(JSON.stringify([kind, key]))
  }

  /** The last mutation of a client that is included. */
  lastMutation(client: string): number {
    return this.row(CLIENTS, client)?.version ?? 0
  }

  /** What a follower has, as text. */
  shown(follow: readonly FollowTarget[], now: number): string {
    return shown(this.rows, follow, now)
  }
}

/** The rows that are followed and are there at a time, as text. */
export function shown(rows: readonly Row[], follow: readonly FollowTarget[], now: number): string {
  const tests = new Map(follow.map(({ kind, ...query }) => [kind, entryTest(query)]))
  return rows
    .filter((row) => !isReserved(row.kind) && tests.get(row.kind)?.(row))
    .filter((row) => row.deleted !== true && !isExpired(row, now))
    .map(rowText)
    .sort()
    .join("\n")
}

export function rowText({ kind, key, value, version, seq }: Row): string {
  return JSON.stringify([kind, key, value, version, seq])
}
