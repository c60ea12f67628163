import type { Row } from "@tidemark/core/engine"
import { MOST_ROWS } from "./protocol.ts"

/** How often a front is read anew because entries of its kind moved while it was read in parts. */
const TRIES = 5

/** A part of what is read; `next` stands where it ends. */
interface Part<Place> {
  readonly rows: readonly Row[]
  readonly whole: boolean
  readonly next?: Place | undefined
}

/** What is to be read, part by part. */
interface Plan<Place> {
  readonly most: number
  readonly start: Place | undefined
  readonly part: (after: Place | undefined, limit: number) => Promise<Part<Place>>
}

/** What was read, by key, in the order in which it came. */
export interface Reading<Place> {
  readonly rows: Map<string, Row>
  readonly whole: boolean
  readonly next: Place | undefined
}

/** What is told of a kind while it is read. */
type Told = Map<string, Row>

/**
 * Readings that come in several parts, and what becomes of them while they are on their way. Each
 * part is of a position up to which the base has come; what is told meanwhile brings the parts
 * before it to the same one.
 */
export class Readings {
  readonly #told = new Map<string, Set<Told>>()
  /** How often another state has taken the place of what was read. */
  #generation = 0

  /** Takes note of what has become of a row. */
  told(kind: string, row: Row): void {
    for (const told of this.#told.get(kind) ?? []) told.set(row.key, row)
  }

  /** Another state has come: what is being read is read anew. */
  restart(): void {
    this.#generation++
  }

  /**
   * Reads until there are so many rows, or no more, all at one position. `covers` says whether a
   * row would stand in what was read up to a place. Without a kind, what is read does not move.
   */
  async read<Place>(
    kind: string | undefined,
    plan: Plan<Place> & { covers(row: Row, end: Place | undefined): boolean },
  ): Promise<Reading<Place>> {
    const { most, covers } = plan
    return this.#whileTold(kind, async (told) => {
      const rows = new Map<string, Row>()
      let [whole, next] = [most === 0, plan.start]
      while (!whole && rows.size < most) {
        const part = await plan.part(next, Math.min(MOST_ROWS, most - rows.size))
        for (const row of part.rows) rows.set(row.key, row)
        whole = part.whole || part.rows.length === 0
        next = part.next ?? next
        fold(rows, told, (row) => covers(row, whole ? undefined : next))
      }
      return { rows, whole, next }
    })
  }

  /** Reads the front of an order. Where its entries do not stop moving, parts may be of several positions. */
  async readFront<Place>(kind: string, plan: Plan<Place>): Promise<Reading<Place>> {
    for (let tried = 1; ; tried++) {
      const [reading, isOne] = await this.#whileTold(kind, async (told) => {
        const rows = new Map<string, Row>()
        let [whole, next, parts] = [plan.most === 0, plan.start, 0]
        while (!whole && rows.size < plan.most) {
          const part = await plan.part(next, Math.min(MOST_ROWS, plan.most - rows.size))
          for (const row of part.rows) rows.set(row.key, row)
          whole = part.whole || part.rows.length === 0
          next = part.next ?? next
          parts++
        }
        return [{ rows, whole, next }, parts <= 1 || told.size === 0] as const
      })
      if (isOne || tried === TRIES) return reading
    }
  }

  /** Reads several kinds, and makes something of them at the one position at which all are here. */
  async together<T>(
    kinds: readonly string[],
    read: (kind: string) => Promise<Map<string, Row>>,
    make: (read: readonly Map<string, Row>[]) => T,
  ): Promise<T> {
    for (;;) {
      const generation = this.#generation
      const listening = kinds.map((kind) => this.#listen(kind))
      try {
        const all = await Promise.all(kinds.map(read))
        if (generation !== this.#generation) continue
        all.forEach((rows, index) => {
          fold(rows, listening[index]?.told ?? new Map(), () => true)
        })
        return make(all)
      } finally {
        for (const { stop } of listening) stop()
      }
    }
  }

  async #whileTold<T>(kind: string | undefined, read: (told: Told) => Promise<T>): Promise<T> {
    for (;;) {
      const generation = this.#generation
      const { told, stop } = this.#listen(kind)
      try {
        const result = await read(told)
        if (generation === this.#generation) return result
      } finally {
        stop()
      }
    }
  }

  #listen(kind: string | undefined): { readonly told: Told; stop(): void } {
    const told: Told = new Map()
    if (kind === undefined) return { told, stop() {} }
    const all = this.#told.get(kind) ?? new Set()
    this.#told.set(kind, all.add(told))
    return {
      told,
      stop: () => {
        all.delete(told)
        if (all.size === 0) this.#told.delete(kind)
      },
    }
  }
}

/** Brings rows up to date by what was told since. */
function fold(rows: Map<string, Row>, told: Told, covers: (row: Row) => boolean): void {
  for (const row of told.values()) {
    const held = rows.get(row.key)
    if (held !== undefined && held.seq >= row.seq) continue
    if (row.deleted) rows.delete(row.key)
    else if (held !== undefined || covers(row)) rows.set(row.key, row)
  }
}
