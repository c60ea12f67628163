import type { Change, OpResult } from "@tidemark/core"
import {
  type Awaitable,
  type Engine,
  freezeJson,
  type Ingest,
  type StampedBatch,
} from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { difference } from "./difference.ts"
import { Disk } from "./disk.ts"
import { type Follow, unheldOf } from "./follow.ts"
import type { FeedMessage } from "./message.ts"
import { received } from "./sent.ts"
import type { WholeSnapshot } from "./snapshot-parts.ts"

/** A step that the base can take: it is in memory once `take` was called, and may be kept. */
export interface BaseStep {
  readonly to: number
  readonly changes: readonly Change[]
  take(): void
}

/** What a replica has been told of its authority's sequence: in memory, and kept where there is storage. */
export class Base {
  readonly engine: MemoryEngine = new MemoryEngine()
  readonly #disk: Disk | undefined
  readonly #unheld: ReadonlySet<string>
  readonly #hydrated = Promise.withResolvers<void>()
  #epoch: string | null = null
  #view: string | null = null
  #position = 0
  #isHydrated = false
  /** Whether the newest step is kept, once that is known. */
  #kept: Promise<boolean> | undefined

  constructor(storage: Engine | undefined, follow: Follow, report: (error: unknown) => void) {
    this.#unheld = new Set(unheldOf(follow))
    this.#disk = storage && new Disk(storage, follow, report)
    this.#hydrated.promise.catch(() => {}) // Who reads hears of it.
  }

  /** The sequence that it is of; null while there is none. */
  get epoch(): string | null {
    return this.#epoch
  }

  /** Whether there is a state that may be read. */
  get isHydrated(): boolean {
    return this.#isHydrated
  }

  /** What the authority has said of what it shows. */
  get view(): string | null {
    return this.#view
  }

  get position(): number {
    return this.#position
  }

  /** Takes up what an earlier run has kept, if that followed the same. */
  async load(): Promise<Ingest | undefined> {
    const kept = await this.#disk?.load()
    if (kept === undefined) return undefined
    this.engine.ingest(kept.state)
    this.#moveTo(kept.state, kept.view)
    return kept.state
  }

  /** Whether changes follow what is here. */
  fits({ epoch, view, from }: Extract<FeedMessage, { type: "changes" }>): boolean {
    return epoch === this.#epoch && view === this.#view && from === this.#position
  }

  /** Whether it is at a position of the sequence, and the view of it, that its link is about. */
  isAt(to: number, told: { readonly epoch: string; readonly view: string } | undefined): boolean {
    return to === this.#position && this.#epoch === told?.epoch && this.#view === told?.view
  }

  /** Whether a snapshot is of another sequence: one that ends before our position has lost its end. */
  isOther({ epoch, to }: WholeSnapshot): boolean {
    return this.#epoch !== null && (epoch !== this.#epoch || to < this.#position)
  }

  /** Changes that follow. */
  changes(message: Extract<FeedMessage, { type: "changes" }>): BaseStep {
    const { epoch, to, view } = message
    const changes = freezeJson(message.changes.map(received<Change>))
    const held = changes.filter(({ kind }) => !this.#unheld.has(kind))
    return this.#step({ epoch, to, changes: held }, view, changes)
  }

  /** A whole state in place of what is here, with the changes that lead there. */
  state({ epoch, view, to, rows }: WholeSnapshot): BaseStep {
    const changes = this.#isHydrated ? difference(this.engine.snapshot().rows, rows, to) : []
    return this.#step({ epoch, to, changes: [], reset: { rows } }, view, changes)
  }

  /** What became of a batch, as far as this tells, where the authority no longer can. */
  resultsOf(batch: StampedBatch): readonly OpResult[] {
    return batch.ops.map((op): OpResult => {
      const row = this.engine.row(op.kind, op.key)
      if (op.type === "delete" || op.type === "expire")
        return { existed: row?.deleted === true, previous: row?.value }
      // A touch that met nothing says so by version 0.
      if (op.type === "touch" && row?.deleted) return { outcome: "unchanged", version: 0, seq: 0 }
      return { outcome: "updated", version: row?.version ?? 0, seq: row?.seq ?? 0 }
    })
  }

  /** Lets those go on who wait for the first state. */
  hydrate(): void {
    this.#isHydrated = true
    this.#hydrated.resolve()
  }

  /** There will be no first state. */
  fail(error: unknown): void {
    this.#hydrated.reject(error)
  }

  /** Reads as soon as there is a state. */
  read<T>(read: (engine: MemoryEngine) => T): Awaitable<T> {
    const now = () => read(this.engine)
    return this.#isHydrated ? now() : this.#hydrated.promise.then(now)
  }

  /** Whether what is here will be here in another run: false where the disk has failed. */
  async isKept(): Promise<boolean> {
    return (await this.#kept) !== false
  }

  async close(): Promise<void> {
    await this.#disk?.close()
  }

  #step(part: Ingest, view: string, changes: readonly Change[]): BaseStep {
    const take = () => {
      this.#kept = this.#disk?.keep(part, view)
      this.engine.ingest(part)
      this.#moveTo(part, view)
    }
    return { to: part.to, changes, take }
  }

  #moveTo({ epoch, to }: Ingest, view: string): void {
    this.#epoch = epoch
    this.#view = view
    this.#position = to
  }
}
