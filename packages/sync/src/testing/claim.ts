/** Claims that two plain values are alike. Throws an Error that shows both. */
export function same(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [text(actual), text(expected)]
  if (got === wanted) return
  throw new Error(`${what}: expected ${wanted.slice(0, LONGEST)}, got ${got.slice(0, LONGEST)}`)
}

/** So much of a value is shown, in characters. */
const LONGEST = 500

function text(value: unknown): string {
  return JSON.stringify(value) ?? "undefined"
}
