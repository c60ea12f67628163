import { StoreError } from "./errors.ts"
import { host } from "./host.ts"

/** Text in pieces of any size, or bytes of it in UTF-8. */
export type TextSource = AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>

/** A line without its end; numbers begin with 1. */
export interface Line {
  readonly number: number
  readonly text: string
}

/**
 * The lines of a text without the empty ones.
 *
 * @throws StoreError `invalid_value` for bytes that are no UTF-8.
 */
export async function* linesOf(source: TextSource): AsyncGenerator<Line, void, undefined> {
  const decoder = new host.TextDecoder("utf-8", { fatal: true, ignoreBOM: false })
  let number = 0
  let rest = ""
  const decode = (piece?: Uint8Array) => {
    try {
      return decoder.decode(piece, { stream: piece !== undefined })
    } catch (cause) {
      throw new StoreError("invalid_value", `Line ${number + 1} is not UTF-8`, {
        details: { line: number + 1 },
        hint: "Read the text as it was written",
        cause,
      })
    }
  }
  for await (const piece of source) {
    const lines = (rest + (typeof piece === "string" ? piece : decode(piece))).split("\n")
    rest = lines.pop() ?? ""
    for (const text of lines) {
      number++
      if (text.trim() !== "") yield { number, text }
    }
  }
  rest += decode()
  if (rest.trim() !== "") yield { number: number + 1, text: rest }
}
