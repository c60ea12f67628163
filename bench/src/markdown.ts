/** A table with columns of equal width; the first row is the head. */
export function markdown(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  )
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join(" | ")} |`
  const [head = [], ...body] = rows
  return [line(head), line(widths.map((width) => "-".repeat(width))), ...body.map(line)].join("\n")
}

/** Milliseconds in the unit that reads best. */
export function time(ms: number): string {
  if (ms >= 1) return `${significant(ms)} ms`
  return ms >= 0.001 ? `${significant(ms * 1000)} µs` : `${significant(ms * 1_000_000)} ns`
}

/** Two or three digits that count. */
export function significant(value: number): string {
  return value >= 100 ? whole(value) : value.toPrecision(value >= 10 ? 3 : 2)
}

/** A rounded number with its thousands apart. */
export function whole(value: number): string {
  return Math.round(value).toLocaleString("en")
}
