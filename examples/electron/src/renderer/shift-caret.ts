/** Where a caret belongs after a text was changed elsewhere in one place: beside the same letters as before. */
export function shiftCaret(before: string, after: string, caret: number): number {
  const shorter = Math.min(before.length, after.length)
  let start = 0
  while (start < shorter && before[start] === after[start]) start++
  if (caret <= start) return caret
  let end = 0
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++
  const fromEnd = before.length - caret
  // Inside what was replaced: the end of what took its place.
  return after.length - Math.min(fromEnd, end)
}
