import { fromBase64, toBase64 } from "../../base64.ts"
import type { BatchResult, OpResult } from "../../batch.ts"
import { Packed } from "../../packed.ts"

/** A result as the table `receipts` keeps it: JSON, in which a packed value stands in its parts. */
export function writeReceipt({ seq, results }: BatchResult): string {
  return JSON.stringify({ seq, results: results.map(plainOf) })
}

/** The result that `writeReceipt` wrote. */
export function readReceipt(text: string): BatchResult {
  const { seq, results } = JSON.parse(text) as { seq: number; results: PlainResult[] }
  return { seq, results: results.map(resultOf) }
}

type PlainResult = OpResult | { readonly existed: boolean; readonly packed: PackedParts }

interface PackedParts {
  readonly codec: string
  readonly schema: number
  readonly text?: string
  readonly base64?: string
}

function plainOf(result: OpResult): PlainResult {
  if (!("previous" in result) || !(result.previous instanceof Packed)) return result
  const { codec, schema, data } = result.previous
  const parts = typeof data === "string" ? { text: data } : { base64: toBase64(data) }
  return { existed: result.existed, packed: { codec, schema, ...parts } }
}

function resultOf(plain: PlainResult): OpResult {
  if (!("packed" in plain)) {
    // JSON leaves out what is undefined.
    return "existed" in plain ? { existed: plain.existed, previous: plain.previous } : plain
  }
  const { codec, schema, text, base64 = "" } = plain.packed
  return { existed: plain.existed, previous: new Packed(codec, schema, text ?? fromBase64(base64)) }
}
