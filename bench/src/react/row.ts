/** One line of the table. */
export interface Row {
  readonly id: number
  readonly label: string
}

/** What the table shows. */
export interface Shown {
  readonly rows: readonly Row[]
  /** The id of the row that is marked. */
  readonly selected: number | undefined
}

/** The first rows of a seed: the same ones on every run. */
export function rowsOf(seed: number, count: number, firstId: number): readonly Row[] {
  const random = randomOf(seed + firstId)
  const word = (words: readonly string[]) => words[Math.floor(random() * words.length)]
  return Array.from({ length: count }, (_, index) => ({
    id: firstId + index,
    label: `${word(MOODS)} ${word(COLOURS)} ${word(THINGS)}`,
  }))
}

/** What an update appends to a label. */
export const MARK = " !!!"

/** The very markup that every implementation must have produced. */
export function markupOf({ rows, selected }: Shown): string {
  const line = ({ id, label }: Row) =>
    `<tr class="${id === selected ? "danger" : ""}"><td>${id}</td><td><a>${label}</a></td>` +
    "<td><a><span>x</span></a></td><td></td></tr>"
  return rows.map(line).join("")
}

/** Numbers from 0 to 1, by mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const MOODS = [
  "calm",
  "curt",
  "dull",
  "eager",
  "fair",
  "glad",
  "keen",
  "late",
  "loud",
  "odd",
  "shy",
]
const COLOURS = ["amber", "azure", "black", "coral", "green", "ivory", "lilac", "ochre", "white"]
const THINGS = [
  "anchor",
  "barrel",
  "bell",
  "buoy",
  "chart",
  "dinghy",
  "gull",
  "oar",
  "pier",
  "sail",
]
