import transliterate from "@sindresorhus/transliterate"

/**
 * A text as it is searched for: lower-case letters and digits without accents, words joined by
 * a hyphen.
 *
 * @example
 * plainText("Łódź") // "lodz"
 * plainText("Sant Julià de Lòria") // "sant-julia-de-loria"
 */
export function plainText(text: string): string {
  // Accents go before letters are replaced, because "ü" is "u" to somebody who has no "ü".
  const bare = text.normalize("NFKD").replace(/\p{M}/gu, "")
  const plain = isAscii(bare) ? bare : transliterate(bare)
  return plain
    .toLowerCase()
    .replace(APOSTROPHES, "")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-|-$/g, "")
}

/** "Coeur d'Alene" is found as "dalene", as people write it. */
const APOSTROPHES = /['’‘ʻ`]/g

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false
  return true
}
