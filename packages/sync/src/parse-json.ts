import { StoreError } from "@tidemark/core"

/** @throws StoreError `invalid_value` for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new StoreError("invalid_value", "The message is no JSON", { cause })
  }
}
