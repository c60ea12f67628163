import { Composer, type CST, Parser, stringify } from "yaml"
import type { Codec } from "../codec.ts"
import { MAX_DEPTH } from "../json.ts"
import { textOf } from "./data.ts"
import { type Model, modelled } from "./model.ts"

const MODEL: Model = { format: "YAML", extras: [] }

/**
 * JSON's model and, besides, NaN and infinities, as YAML 1.2 with the core schema, through the
 * package yaml. Dates, bytes, bigints, `undefined`, cycles, class instances, functions, text with a
 * lone surrogate and the name `__proto__` are refused with their path; aliases and unknown tags are
 * not read.
 */
export const yamlCodec: Codec = {
  name: "yaml",
  encode: (value) => {
    const text = stringify(modelled(value, MODEL), WRITING)
    // In front of everything, it would be taken for a byte order mark.
    return text.startsWith("\ufeff") ? `---\n${text}` : text
  },
  decode: (data) => modelled(parse(textOf(data)), MODEL),
}

const SCHEMA = { version: "1.2", schema: "core", resolveKnownTags: false } as const

const WRITING = {
  ...SCHEMA,
  aliasDuplicateObjects: false,
  lineWidth: 0,
  // A block of only spaces and line breaks would not come back as it was.
  blockQuote: false,
} as const

// Looking for equal keys would take time in the square of their number.
const READING = { ...SCHEMA, prettyErrors: false, uniqueKeys: false } as const

function parse(text: string): unknown {
  const tokens = [...new Parser().parse(text)]
  checkDepth(tokens)
  const [document, another] = new Composer(READING).compose(tokens, true, text.length)
  if (document === undefined || another !== undefined) throw new Error("It is not one document")
  const [fault] = [...document.errors, ...document.warnings]
  if (fault !== undefined) throw fault
  return document.toJS({ maxAliasCount: 0 })
}

/** Composing calls itself for each level: too many end the stack, and in some hosts the process. */
function checkDepth(tokens: readonly CST.Token[]): void {
  // A document is no level, and what stands in the deepest is none.
  const open = tokens.map((token) => ({ token, depth: -1 }))
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next
    if (depth > MAX_DEPTH) throw new Error(`It has more than ${MAX_DEPTH} levels`)
    for (const part of partsOf(token)) open.push({ token: part, depth: depth + 1 })
  }
}

function partsOf(token: CST.Token): CST.Token[] {
  if (token.type === "document") return token.value === undefined ? [] : [token.value]
  if (!("items" in token)) return []
  return token.items.flatMap(({ key, value }) => [key ?? [], value ?? []].flat())
}
