import { freezeJson, type Row } from "@tidemark/core/engine"
import type { FeedMessage } from "./message.ts"
import { received } from "./sent.ts"

type Part = Extract<FeedMessage, { type: "snapshot" }>

/** How far a snapshot has come, in rows. */
export interface Progress {
  readonly received: number
  readonly total: number
}

/** A snapshot that has come whole. */
export interface WholeSnapshot {
  readonly epoch: string
  readonly view: string
  readonly to: number
  readonly rows: readonly Row[]
  readonly lastMutation: number
}

/** Puts the parts of a snapshot together. */
export class SnapshotParts {
  #rows: Row[] = []
  #next = 0
  #of: Pick<Part, "epoch" | "view" | "to"> | undefined

  /** Forgets what has come: another snapshot begins. */
  restart(): void {
    this.#rows = []
    this.#next = 0
  }

  get received(): number {
    return this.#rows.length
  }

  /** Adds a part. The whole when it was the last; `"broken"` when one is missing, or of another snapshot. */
  add({
    part,
    last,
    rows,
    epoch,
    view,
    to,
    lastMutation,
  }: Part): WholeSnapshot | "broken" | undefined {
    if (part === 0) this.#of = { epoch, view, to }
    const of = this.#of
    const isSame = of?.epoch === epoch && of.view === view && of.to === to
    if (part !== this.#next || !isSame) {
      this.restart()
      return "broken"
    }
    this.#next++
    // Each part as it comes, while the next is on its way.
    for (const row of rows) this.#rows.push(freezeJson(received<Row>(row)))
    if (!last) return undefined
    const whole = { epoch, view, to, rows: this.#rows, lastMutation }
    this.restart()
    return whole
  }
}
