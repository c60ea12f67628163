import { compareKeys, type IndexKey, joinKeys } from "../../index-key.ts"
import { compareText } from "../../order.ts"
import type { Ways } from "../../plan.ts"
import type { Lane } from "../../stretch.ts"
import type { AskedPart, PlacedRow, SqlitePlaces, Standing } from "./places.ts"

/** At least so many rows of a lane are read at once. */
const LEAST = 8

/**
 * The rows of several lanes of an index, merged in the order of what follows the lanes' beginnings.
 * So is `behind`, and so are the places that the rows are told with: without these beginnings.
 */
export function mergedLanes(
  places: Pick<SqlitePlaces, "rows">,
  asked: AskedPart,
  lanes: readonly Lane[],
  behind: Standing | undefined,
): readonly PlacedRow[] {
  const order = orderOf(asked.ways)
  const chunk = Math.max(LEAST, Math.ceil(asked.limit / Math.max(1, lanes.length)))
  const sources = lanes.map((lane) => laneRows(places, { ...asked, limit: chunk }, lane, behind))
  const heads = sources.flatMap((source) => nextOf(source))
  const found: PlacedRow[] = []
  while (found.length < asked.limit) {
    const [first, ...others] = heads
    if (first === undefined) break
    const least = others.reduce(
      (one, other) => (order(other.row, one.row) < 0 ? other : one),
      first,
    )
    found.push(least.row)
    heads.splice(heads.indexOf(least), 1, ...nextOf(least.source))
  }
  return found
}

type Rows = Generator<PlacedRow, void, undefined>

/** A lane with the row of it that comes next. */
interface Head {
  readonly row: PlacedRow
  readonly source: Rows
}

function nextOf(source: Rows): readonly Head[] {
  const { value } = source.next()
  return value === undefined ? [] : [{ row: value, source }]
}

function* laneRows(
  places: Pick<SqlitePlaces, "rows">,
  asked: AskedPart,
  { start, ranges }: Lane,
  behind: Standing | undefined,
): Rows {
  let from = behind && { place: joinKeys(start, behind.place), key: behind.key }
  for (;;) {
    const rows = places.rows({ ...asked, ranges }, from)
    for (const row of rows) yield { ...row, place: row.place.subarray(start.length) }
    const last = rows.at(-1)
    if (last === undefined || rows.length < asked.limit) return
    from = { place: last.place, key: last.key }
  }
}

function orderOf(ways: Ways): (a: PlacedRow, b: PlacedRow) => number {
  const [byPlace, byKey] = [ways.places === "asc" ? 1 : -1, ways.keys === "asc" ? 1 : -1]
  const compare = (a: IndexKey, b: IndexKey) => byPlace * compareKeys(a, b)
  return (a, b) => compare(a.place, b.place) || byKey * compareText(a.key, b.key)
}
