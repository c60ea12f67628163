import { host } from "./host.ts"

/** A new identity for a sequence: 128 random bits in hexadecimal. Not `randomUUID`, which browsers have in secure contexts only. */
export function newEpoch(): string {
  const bytes = host.crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}
