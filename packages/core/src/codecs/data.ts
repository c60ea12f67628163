import { StoreError } from "../errors.ts"

/** What is stored, where it must be text. @throws StoreError `corrupt` for bytes. */
export function textOf(data: string | Uint8Array): string {
  if (typeof data === "string") return data
  throw new StoreError("corrupt", "It is bytes, where text was written")
}

/** What is stored, where it must be bytes. @throws StoreError `corrupt` for text. */
export function bytesOf(data: string | Uint8Array): Uint8Array {
  if (typeof data !== "string") return data
  throw new StoreError("corrupt", "It is text, where bytes were written")
}
