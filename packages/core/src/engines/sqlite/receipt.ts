import type { BatchResult, OpResult } from "../../batch.ts"
import { Packed } from "../../packed.ts"
import { type PackedRecord, packedOf, recordOf } from "../../packed-record.ts"

/** A result as the table `receipts` keeps it: JSON, in which a packed value stands as its record. */
export function writeReceipt({ seq, results }: BatchResult): string {
  return JSON.stringify({ seq, results: results.map(plainOf) })
}

/** The result that `writeReceipt` wrote. */
export function readReceipt(text: string): BatchResult {
  const { seq, results } = JSON.parse(text) as { seq: number; results: PlainResult[] }
  return { seq, results: results.map(resultOf) }
}

type PlainResult = OpResult | { readonly existed: boolean; readonly packed: PackedRecord }

function plainOf(result: OpResult): PlainResult {
  if (!("previous" in result) || !(result.previous instanceof Packed)) return result
  return { existed: result.existed, packed: recordOf(result.previous) }
}

function resultOf(plain: PlainResult): OpResult {
  if ("packed" in plain) return { existed: plain.existed, previous: packedOf(plain.packed) }
  // JSON leaves out what is undefined.
  return "existed" in plain ? { existed: plain.existed, previous: plain.previous } : plain
}
