import { MemoryEngine } from "@tidemark/core/memory"
import type { Range } from "../src/engine.ts"

/** Counts what is read of it outside of its commits. */
export class CountingEngine extends MemoryEngine {
  /** Rows that were read one by one. */
  reads = 0
  /** The pages that were asked for, and how many rows they had. */
  readonly pages: { readonly limit: number; readonly rows: number }[] = []

  /** How often it was asked what will end. */
  looks = 0

  override expiring(limit: number) {
    this.looks++
    return super.expiring(limit)
  }

  override row(kind: string, key: string) {
    this.reads++
    return super.row(kind, key)
  }

  override scan(kind: string, range: Range) {
    const rows = super.scan(kind, range)
    this.pages.push({ limit: range.limit, rows: rows.length })
    return rows
  }
}
