import { type Engine, type Ingest, plainContext, type Row } from "@tidemark/core/engine"

/** So many rows are moved at once, so that neither side stops for long. */
const PORTION = 10_000

/** After so many changes the disk is pruned. */
const PRUNE_EVERY = 10_000

/** In the place of the epoch until the last portion is written. The head does not tell: rows raise it. */
const IN_PART = ""

/**
 * The engine in which a replica keeps its base between runs. Writes go one after the other. After
 * one that failed the base stays as it is until a whole one comes: it must not have holes.
 */
export class Disk {
  readonly #engine: Engine
  readonly #report: (error: unknown) => void
  #writing: Promise<boolean> = Promise.resolve(true)
  #failed = false
  /** How many changes were taken in since the last pruning. */
  #unpruned = 0

  constructor(engine: Engine, report: (error: unknown) => void) {
    this.#engine = engine
    this.#report = report
  }

  /** Reads the whole base; `undefined` when none was kept whole. */
  async load(): Promise<Ingest | undefined> {
    const { epoch, head } = await this.#engine.open(SILENT, plainContext)
    if (head === 0 || epoch === IN_PART) return undefined
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
    return { epoch, to: head, changes: [], reset: { rows } }
  }

  /** Keeps a step of the base; tells whether it is there, once it is known. */
  keep(part: Ingest): Promise<boolean> {
    const rows = part.reset?.rows ?? []
    if (rows.length <= PORTION) return this.#write(part)
    const { epoch, to } = part
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
