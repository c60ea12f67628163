/** A text read as JSON, or the reason why it is none. */
export type ParsedJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string }

/** Reads a text as JSON. The reason names the place, as far as the JavaScript engine tells it. */
export function parseJson(text: string): ParsedJson {
  try {
    return { ok: true, value: JSON.parse(text) }
  } catch (error) {
    return { ok: false, message: `This is not JSON yet: ${(error as Error).message}` }
  }
}
