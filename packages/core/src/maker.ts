import type { Row } from "./entry.ts"

/** Which pending batch has made a row that is shown. */
const makers = new WeakMap<Row, number>()

/** Notes that a row is what a pending batch, by its id, has made. */
export function madeBy(row: Row, batch: number): Row {
  makers.set(row, batch)
  return row
}

/** The id of the batch that has made a row; `undefined` for one that the base has. */
function makerOf(row: Row | undefined): number | undefined {
  return row?.pending ? makers.get(row) : undefined
}

/** The same row under another name. */
export function renamed(row: Row, other: Row): Row {
  const maker = makerOf(row)
  return maker === undefined ? other : madeBy(other, maker)
}

/** The batches whose effect a writer has seen, and may have written by. */
export class SeenMakers {
  readonly #ids: Set<number>

  constructor(ids: Iterable<number> = []) {
    this.#ids = new Set(ids)
  }

  /** Notes what a row was made by, and gives the row. */
  see<R extends Row | undefined>(row: R): R {
    const maker = makerOf(row)
    if (maker !== undefined) this.#ids.add(maker)
    return row
  }

  seeAll(rows: Iterable<Row>): void {
    for (const row of rows) this.see(row)
  }

  /** As a batch names them. */
  get after(): { readonly after?: readonly number[] } {
    return this.#ids.size === 0 ? {} : { after: [...this.#ids] }
  }
}
