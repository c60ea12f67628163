import type { ComponentType } from "react"
import type { Row } from "./row.ts"

/** The table, kept by one library. Each does what its own documentation recommends. */
export interface App {
  /** Everything below `<tbody>`, with the providers that it needs. */
  readonly Lines: ComponentType
  /** Fills the empty table. */
  create(rows: readonly Row[]): void
  append(rows: readonly Row[]): void
  /** Marks the label of each `step`-th row, from the first on. */
  update(step: number): void
  /** Exchanges the rows at two places, counted from 0. */
  swap(a: number, b: number): void
  /** Marks a row, and takes the mark from the one that had it. */
  select(id: number): void
  remove(id: number): void
  clear(): void
}
