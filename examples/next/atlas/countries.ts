/**
 * The names of all countries by their codes. Made on the server and sent with the page, because
 * browsers may know other names, and the first render must be the server's.
 */
export function countryNames(): Record<string, string> {
  const names = new Intl.DisplayNames("en", { type: "region", fallback: "none" })
  const found: Record<string, string> = {}
  for (const first of LETTERS) {
    for (const second of LETTERS) {
      const name = names.of(first + second)
      if (name !== undefined) found[first + second] = name
    }
  }
  return found
}

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
