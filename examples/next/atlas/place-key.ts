import type { Place } from "./kinds.ts"
import { plainText } from "./plain-text.ts"

/**
 * The key of a place. It begins with the plain name, so that the order of keys is the alphabet
 * and the first screen is the front of the kind; the rest tells places of one name apart.
 *
 * @example
 * "barcelona,es,41.38879,2.15899"
 */
export function placeKey({ name, country, lat, lng }: Place): string {
  return [plainText(name), country.toLowerCase(), lat, lng].join(SEPARATOR)
}

/** The plain name in a key. */
export function plainNameOf(key: string): string {
  return key.slice(0, key.indexOf(SEPARATOR))
}

/** Less than the hyphen and all that follows it: "york" comes before "york-haven". */
const SEPARATOR = ","
