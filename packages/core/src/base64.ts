import { host } from "./host.ts"

/** So many bytes become characters at once: more would be too many arguments of one call. */
const STEP = 8_192

/** Bytes in base64. */
export function toBase64(bytes: Uint8Array): string {
  let characters = ""
  for (let start = 0; start < bytes.length; start += STEP) {
    characters += String.fromCharCode(...bytes.subarray(start, start + STEP))
  }
  return host.btoa(characters)
}

/** The bytes of a text in base64. */
export function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(host.atob(text), (character) => character.charCodeAt(0))
}
