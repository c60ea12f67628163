import { type Kinds, StoreError, type Where } from "@tidemark/core"
import { checkQuery } from "@tidemark/core/engine"

/** A part of a store that is followed: a kind, or those of its entries that pass. */
export interface FollowTarget {
  readonly kind: string
  /** Only keys that begin so, literally. */
  readonly prefix?: string
  /** Only entries whose value, as the authority reads it, passes. */
  readonly where?: Where
  /**
   * Whether what passes is held here. Default true. With `false` its changes are told, and its
   * entries are asked of the authority by whoever reads or shows them: for a kind too large to hold.
   */
  readonly hold?: boolean
}

/** What a replica follows, in the order of the kinds' names; null for all that it may. */
export type Follow = readonly FollowTarget[] | null

/** At most so many targets are in a hello. */
const MOST_TARGETS = 1_000

/** A condition has at most so many names, values and lists together: each change of its kind is held against it. */
const MOST_PARTS = 1_000

/** And at most so many levels. */
export const MOST_LEVELS = 16

/**
 * What the option `follow` asks for.
 *
 * @throws StoreError `invalid_value` as `checkFollow` does.
 */
export function followOf(wanted: readonly (string | FollowTarget)[] | undefined): Follow {
  if (wanted === undefined) return null
  const targets = wanted.map((one) => (typeof one === "string" ? { kind: one } : plain(one)))
  checkFollow(targets)
  // In one order, whatever came first: what is the same is written in the same way.
  return targets.toSorted((a, b) => (a.kind < b.kind ? -1 : 1))
}

/** @throws StoreError `invalid_value` for a condition that cannot be read or is too large, or two targets of a kind. */
export function checkFollow(targets: readonly FollowTarget[]): void {
  if (targets.length > MOST_TARGETS) throw refusal(`More than ${MOST_TARGETS} targets are followed`)
  const kinds = new Set<string>()
  for (const { kind, hold: _, ...query } of targets) {
    if (kinds.has(kind)) throw refusal(`${JSON.stringify(kind)} is followed twice`)
    kinds.add(kind)
    if (!isSmall(query.where))
      throw refusal(`The condition for ${JSON.stringify(kind)} is too large`)
    const odd = Object.keys(query).find((name) => name !== "prefix" && name !== "where")
    if (odd !== undefined) throw refusal(`Nothing can be followed by ${odd}`)
    checkQuery(query)
  }
}

/** The versions of the schemas that an application can read, of the kinds that it declares. */
export function schemasOf(kinds: Kinds = {}): Readonly<Record<string, number>> {
  return Object.fromEntries(Object.entries(kinds).map(([kind, { version = 1 }]) => [kind, version]))
}

/** The kinds that are followed and not held. */
export function unheldOf(follow: Follow): readonly string[] {
  return (follow ?? []).filter(({ hold }) => hold === false).map(({ kind }) => kind)
}

/** To hold is what is done anyway. */
function plain({ hold, ...target }: FollowTarget): FollowTarget {
  return hold === false ? { ...target, hold } : target
}

function refusal(message: string): StoreError {
  return new StoreError("invalid_value", message, {
    hint: "Follow names of kinds, or { kind, prefix, where, hold }, each kind once",
  })
}

/** Whether a condition is within its bounds; looks level by level, and so never calls itself. */
export function isSmall(where: unknown): boolean {
  let parts = 0
  let level: readonly unknown[] = [where]
  for (let depth = 0; level.length > 0; depth++) {
    parts += level.length
    if (depth > MOST_LEVELS || parts > MOST_PARTS) return false
    level = level.flatMap((value): readonly unknown[] =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    )
  }
  return true
}
