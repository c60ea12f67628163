/** Longer strings are cut until they are opened. */
export const SHOWN_TEXT = 240

/** One visible line of a JSON value's tree. */
export interface JsonRow {
  /** A JSON pointer: `""` is the whole value, `/tags/0` an item of a list. */
  readonly path: string
  /** The field or index; `undefined` for the whole value. */
  readonly name: string | number | undefined
  /** 0 for the whole value. */
  readonly depth: number
  readonly value: unknown
  /** Whether it can be opened: a list or object with something in it, or a long text. */
  readonly expandable: boolean
  readonly open: boolean
}

/** Which paths a person has opened or closed. Others are open while they are small and near the top. */
export type Openings = ReadonlyMap<string, boolean>

/** The visible lines of a JSON value, from top to bottom. */
export function jsonRows(value: unknown, openings: Openings): readonly JsonRow[] {
  const rows: JsonRow[] = []
  const visit = (
    path: string,
    name: string | number | undefined,
    depth: number,
    part: unknown,
  ): void => {
    const size = sizeOf(part)
    const expandable = size > 0 || isLongText(part)
    const open = expandable && (openings.get(path) ?? opensItself(depth, size))
    rows.push({ path, name, depth, value: part, expandable, open })
    if (!open || size === 0) return
    const isList = Array.isArray(part)
    for (const [field, child] of Object.entries(part as object)) {
      visit(`${path}/${pointerPart(field)}`, isList ? Number(field) : field, depth + 1, child)
    }
  }
  visit("", undefined, 0, value)
  return rows
}

/** The index of the line that holds the one at `index`, or -1 for the whole value. */
export function parentRow(rows: readonly JsonRow[], index: number): number {
  const depth = rows[index]?.depth ?? 0
  return rows.findLastIndex((row, at) => at < index && row.depth < depth)
}

/** How many items a list or fields an object has; 0 for all else. */
export function sizeOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0
  return Array.isArray(value) ? value.length : Object.keys(value).length
}

/** Whether a value is a text that is cut until it is opened. */
export function isLongText(value: unknown): value is string {
  return typeof value === "string" && value.length > SHOWN_TEXT
}

function opensItself(depth: number, size: number): boolean {
  if (size === 0) return false
  return depth === 0 ? size <= 1_000 : depth === 1 && size <= 20
}

function pointerPart(field: string): string {
  return field.replaceAll("~", "~0").replaceAll("/", "~1")
}
