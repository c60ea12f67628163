import { type Engine, type Ingest, plainContext, type Row } from "@tidemark/core/engine"
import { fingerprint } from "./fingerprint.ts"
import type { Follow } from "./follow.ts"

/** So many rows are moved at once, so that neither side stops for long. */
const PORTION = 10_000

/** After so many changes the disk is pruned. */
const PRUNE_EVERY = 10_000

/** In the place of the label until the last portion is written. The head does not tell: rows raise it. */
const IN_PART = ""

/** A base as it was kept. */
export interface KeptBase {
  readonly state: Ingest
  /** What its authority has said of what it shows. */
  readonly view: string
}

/**
 * The engine in which a replica keeps its base between runs. Writes go one after the other. After
 * one that failed the base stays as it is until a whole one comes: it must not have holes. What is
 * kept is labelled with all that says what it is, in the place of the engine's epoch: so one comes
 * with the other, whenever the process ends.
 */
export class Disk {
  readonly #engine: Engine
  readonly #report: (error: unknown) => void
  /** Stands for what is followed. */
  readonly #follow: string
  #writing: Promise<boolean> = Promise.resolve(true)
  #failed = false
  /** How many changes were taken in since the last pruning. */
  #unpruned = 0

  constructor(engine: Engine, follow: Follow, report: (error: unknown) => void) {
    this.#engine = engine
    this.#follow = fingerprint(JSON.stringify(follow))
    this.#report = report
  }

  /** Reads the whole base; `undefined` when none was kept whole, or one of something else than is followed now. */
  async load(): Promise<KeptBase | undefined> {
    const { epoch: label, head } = await this.#engine.open(SILENT, plainContext)
    const [epoch = "", view, follow] = label.split(" ")
    if (head === 0 || label === IN_PART || view === undefined || follow !== this.#follow)
      return undefined
    const rows: Row[] = []
    for (const kind of await this.#engine.kinds({ now: 0 })) {
      let after: string | undefined
      for (;;) {
        const range = after === undefined ? { limit: PORTION } : { limit: PORTION, after }
        const portion = await this.#engine.scan(kind, range)
        for (const row of portion) rows.push(row)
        if (portion.length < PORTION) break
        after = portion.at(-1)?.key
      }
    }
    return { state: { epoch, to: head, changes: [], reset: { rows } }, view }
  }

  /** Keeps a step of the base; tells whether it is there, once it is known. */
  keep(part: Ingest, view: string): Promise<boolean> {
    const epoch = `${part.epoch} ${view} ${this.#follow}`
    const rows = part.reset?.rows ?? []
    if (rows.length <= PORTION) return this.#write({ ...part, epoch })
    const { to } = part
    let written = this.#write({
      epoch: IN_PART,
      to,
      changes: [],
      reset: { rows: rows.slice(0, PORTION) },
    })
    for (let start = PORTION; start < rows.length; start += PORTION) {
      const end = start + PORTION
      const changes = rows.slice(start, end).map(({ updatedAt: at, ...row }) => ({
        ...row,
        at,
        type: "create" as const,
        cause: "snapshot",
        batch: row.seq,
      }))
      written = this.#write({ epoch: end < rows.length ? IN_PART : epoch, to, changes })
    }
    return written
  }

  /** Waits for what is being written, then lets go. */
  async close(): Promise<void> {
    await this.#writing
    await this.#engine.close()
  }

  /** Only the newest state is ever read back: from time to time what led to it is let go. */
  async #prune({ to, changes }: Ingest): Promise<void> {
    this.#unpruned += changes.length
    if (this.#unpruned < PRUNE_EVERY) return
    this.#unpruned = 0
    const retention = { after: to, versions: 0, versionsOf: {}, tombstonesAfter: to }
    for (let more = true; more; ) {
      ;({ more } = await this.#engine.prune({ ...retention, receiptsFrom: 0, limit: PORTION }))
    }
  }

  #write(part: Ingest): Promise<boolean> {
    this.#writing = this.#writing
      .then(async () => {
        if (this.#failed && part.reset === undefined) return false
        await this.#engine.ingest(part)
        this.#failed = false
        await this.#prune(part).catch(this.#report) // What is too much does no harm.
        return true
      })
      .catch((error) => {
        this.#failed = true
        this.#report(error)
        return false
      })
    return this.#writing
  }
}

const SILENT = {
  advance() {},
  durable() {},
  pending() {},
  connection() {},
  health() {},
  report() {},
}
