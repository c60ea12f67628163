import { type Awaitable, run, type Steps, wait } from "../../awaitable.ts"
import type { StampedBatch } from "../../batch.ts"
import type {
  Engine,
  EngineContext,
  EngineListener,
  Ingest,
  Outcome,
  Position,
  Pruned,
  Retention,
  StorageFailure,
} from "../../engine.ts"
import { StoreError } from "../../errors.ts"
import type { SqliteConnection } from "./connection.ts"
import { copyDatabase } from "./copy.ts"
import { type DatabaseSettings, openDatabase } from "./database.ts"
import { onDatabase } from "./faults.ts"
import { followOthers } from "./follow.ts"
import { Foreign } from "./foreign.ts"
import { Health } from "./health.ts"
import { Replaced } from "./missed.ts"
import type { SqliteEngineOptions } from "./options.ts"
import { Patience } from "./patience.ts"
import { type Parts, SqliteReading } from "./reading.ts"
import { recover } from "./recover.ts"
import { Telling } from "./telling.ts"
import type { Written } from "./write.ts"

/** The engine on SQLite, over any synchronous connection. How it reads stands in its other half. */
export class SqliteEngine extends SqliteReading implements Engine {
  readonly name: string
  readonly storage: Engine["storage"]
  readonly durability: Engine["durability"]
  readonly gaps: Readonly<Record<string, string>> = {}
  readonly #settings: Omit<DatabaseSettings, "onIndexing">
  readonly #options: SqliteEngineOptions
  /** The backups that are being made; the end waits for them. */
  readonly #copies = new Set<Promise<void>>()
  #opened: Parts | undefined

  /** `connect` opens the database; it is called by `open`. */
  constructor(connect: () => SqliteConnection, options: SqliteEngineOptions) {
    super()
    const { name, storage, busyTimeout = 0, exclusive = false, file, quarantine } = options
    this.name = name
    this.storage = storage
    this.durability = storage === "memory" ? "none" : (options.durability ?? "full")
    this.#options = options
    const full = this.durability === "full"
    this.#settings = { connect, busyTimeout, exclusive, full, file, quarantine }
  }

  open(listener: EngineListener, context: EngineContext): Position {
    const { busyTimeout = 0, pollInterval, onIndexing } = this.#options
    const report = (error: unknown) => listener.report(error)
    const settings = { ...this.#settings, onIndexing: onIndexing && reporting(onIndexing, report) }
    const { database, quarantined } = openDatabase(settings, context)
    const { durable, file, found, reads } = database
    const { clock } = context
    const tell = (failure: StorageFailure | undefined) => listener.health(failure)
    const health = new Health(clock, tell, () => this.#recover())
    const telling = new Telling(listener, health, durable, found)
    const following = { clock, reads, telling, health, file, report }
    this.#opened = {
      ...database,
      writing: new Patience(clock, busyTimeout),
      reading: new Patience(clock, busyTimeout),
      health,
      telling,
      foreign: pollInterval ? new Foreign(following, pollInterval) : undefined,
    }
    return quarantined === undefined ? found : { ...found, quarantined }
  }

  commit(batches: readonly StampedBatch[]): Awaitable<readonly Outcome[]> {
    return run(this.#committing(batches))
  }

  ingest(part: Ingest): Awaitable<void> {
    return run(this.#ingesting(part))
  }

  prune(retention: Retention): Awaitable<Pruned> {
    const { pruning, writing } = this.parts
    return writing.inTurn(() => this.#write("pruning", () => pruning.step(retention)))
  }

  async backup(path: string): Promise<void> {
    const copying = copyDatabase(this.parts, this.#options, path)
    this.#copies.add(copying)
    try {
      await copying
    } finally {
      this.#copies.delete(copying)
    }
  }

  close(): Awaitable<void> {
    const opened = this.#opened
    if (opened === undefined) return
    this.#opened = undefined
    const { connection, file, durable, health, foreign } = opened
    health.stop()
    foreign?.stop()
    const letGo = () => {
      file?.close()
      connection.close()
    }
    if (durable === undefined && this.#copies.size === 0) return letGo()
    return Promise.all([durable?.idle(), Promise.allSettled(this.#copies)]).then(letGo)
  }

  protected override get parts(): Parts {
    if (this.#opened === undefined) {
      throw new StoreError("closed", `The engine ${this.name} is not open`, {
        hint: "Its store was closed, or has not been opened yet",
      })
    }
    return this.#opened
  }

  *#committing(batches: readonly StampedBatch[]): Steps<readonly Outcome[]> {
    const { writing } = this.parts
    const { outcomes, safe } = yield* wait(writing.inTurn(() => this.#commit(batches)))
    yield* wait(safe)
    return outcomes
  }

  /** Commits, and tells of it before anything else is written. It is durable when `safe` is there. */
  #commit(batches: readonly StampedBatch[]) {
    const { telling } = this.parts
    const { head, changes, outcomes } = this.#written(batches)
    const settled = batches.map((batch) => batch.id)
    // What changed nothing leaves at most a receipt behind.
    const wrote = changes.length > 0 || batches.some((batch) => batch.idempotencyKey !== undefined)
    return { outcomes, safe: telling.advance({ to: head, changes, settled }, wrote) }
  }

  #written(batches: readonly StampedBatch[]): Written {
    const { reads, writes, telling, foreign } = this.parts
    const listens = foreign === undefined && this.#options.file !== undefined
    const commit = () =>
      this.#write("committing", () => {
        // Who does not follow others may have much to hear: that is not read while all others wait.
        while (listens && followOthers(reads, telling));
        return writes.commit(batches, telling.place)
      })
    try {
      return commit()
    } catch (error) {
      if (!(error instanceof Replaced)) throw error
      telling.replace(reads.place())
      return commit()
    }
  }

  *#ingesting(part: Ingest): Steps<void> {
    const { writes, writing, telling } = this.parts
    const ingested = writing.inTurn(() => {
      this.#write("taking over changes", () => writes.ingest(part))
      return { safe: telling.take({ epoch: part.epoch, head: part.to }) }
    })
    const { safe } = yield* wait(ingested)
    yield* wait(safe)
  }

  #write<T>(doing: string, write: () => T): T {
    const { durable, health, foreign } = this.parts
    durable?.check()
    foreign?.check()
    try {
      const result = onDatabase(doing, write)
      // What is synced apart is well when it is synced.
      if (durable === undefined) health.ok(health.failure)
      return result
    } catch (error) {
      health.note(error)
      throw error
    }
  }

  /** Tries a disk that has failed. What is in place is durable when that succeeds. */
  #recover(): void {
    const { connection, durable, telling, foreign } = this.parts
    foreign?.check()
    const inline = this.durability === "full" && durable === undefined
    onDatabase("trying the disk again", () => recover(connection, inline ? "FULL" : "NORMAL"))
    telling.recovered()
  }
}

/** The same function, but what it throws is reported. */
function reporting<T>(tell: (told: T) => void, report: (error: unknown) => void) {
  return (told: T): void => {
    try {
      tell(told)
    } catch (error) {
      report(error)
    }
  }
}
