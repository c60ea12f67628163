import type { Change } from "./change.ts"
import type { EngineContext, EngineReads } from "./engine.ts"
import { StoreError } from "./errors.ts"
import { isList } from "./kind-range.ts"
import type { KindRules } from "./kinds.ts"
import { type ReaderParts, StoreReader } from "./reader.ts"
import { View } from "./view.ts"

/** The store that the past belongs to. */
export interface Present {
  readonly engine: EngineReads
  readonly feed: ReaderParts["feed"]
  readonly rules: KindRules
  readonly context: EngineContext
  /** @throws StoreError `closed` */
  checkOpen(): void
}

/**
 * A store as it was at a position. Only what was committed counts, and an entry whose time had
 * come is there until the change that deleted it.
 */
export class PastReader extends StoreReader {
  readonly #present: Present

  constructor(present: Present, seq: number) {
    const { engine, feed, rules, context } = present
    checkSeq(seq, feed.position)
    const then = engineAt(engine, seq)
    const clock = { ...context.clock, now: () => Number.NEGATIVE_INFINITY }
    const view = new View(then, rules.packing, { ...context, clock }, NOBODY)
    super({ engine: then, view, rules, feed: feedUpTo(feed, seq) })
    this.#present = present
  }

  protected override checkOpen(): void {
    this.#present.checkOpen()
  }
}

function checkSeq(seq: number, position: number): void {
  if (Number.isInteger(seq) && seq >= 0 && seq <= position) return
  throw new StoreError(
    "invalid_value",
    `There is no position ${seq}; the store is at ${position}`,
    {
      details: { seq, position },
      hint: "Give the seq of a change, or 0 for the beginning",
    },
  )
}

/** What an engine answered at a position. */
function engineAt(engine: EngineReads, at: number): EngineReads {
  const moment = { now: Number.NEGATIVE_INFINITY, at }
  return {
    place: () => ({ epoch: "", head: at }),
    row: (kind, key) => engine.row(kind, key, at),
    scan: (kind, range) => engine.scan(kind, { ...range, at }),
    count: (kind) => engine.count(kind, moment),
    // Indexes know the present alone.
    seek: () => undefined,
    tally: () => undefined,
    kinds: (asked) => engine.kinds({ ...asked, ...moment }),
    async snapshot(kinds) {
      const rows = []
      const asked = isList(kinds) ? kinds : await engine.kinds({ ...moment, of: kinds })
      for (const kind of asked) {
        rows.push(...(await engine.scan(kind, { limit: Number.POSITIVE_INFINITY, at })))
      }
      return { seq: at, rows }
    },
    async history(kind, key, limit) {
      const all = await engine.history(kind, key, Number.MAX_SAFE_INTEGER)
      return all.filter((change) => change.seq <= at).slice(0, limit)
    },
  }
}

function feedUpTo(feed: ReaderParts["feed"], position: number): ReaderParts["feed"] {
  return {
    position,
    durably: async (read) => read(),
    async after(after, limit): Promise<readonly Change[]> {
      const changes = await feed.after(after, limit)
      return changes.filter((change) => change.seq <= position)
    },
  }
}

const NOBODY = { watches: () => false, show() {}, lost() {}, pendingChanged() {} }
