// Over 250 lines: every way to write, each a few lines, ends in the same submit.
import { type Awaitable, isPromise, run, type Steps, wait } from "./awaitable.ts"
import {
  type Batch,
  type BatchResult,
  type DeleteResult,
  type Expectation,
  isFound,
  type Op,
  type RestingBatch,
  type SetResult,
  setOp,
  touchOp,
} from "./batch.ts"
import { checkBatch, checkExpectation, checkedOp } from "./checked.ts"
import type { Commits } from "./commits.ts"
import type { DumpLine } from "./dump-line.ts"
import { type EndOptions, endOf } from "./end.ts"
import { StoreError } from "./errors.ts"
import type { TextSource } from "./lines.ts"
import { type LoadOptions, loadInto } from "./load.ts"
import { SeenMakers } from "./maker.ts"
import { withRead, withSeen } from "./merging.ts"
import { checkFunction } from "./options.ts"
import { compareText } from "./order.ts"
import { pairsOf } from "./pairs.ts"
import { checkQuery, type Query } from "./query.ts"
import { type ReaderParts, StoreReader } from "./reader.ts"
import { missing, StagedTransaction } from "./transaction.ts"
import {
  checkWrite,
  type EntryWriteOptions,
  type SetOptions,
  type WriteOptions,
} from "./writing.ts"

/** How often a read-modify-write runs again when others are faster. */
const ATTEMPTS = 20

/** What the writing half of a store is made of. */
export interface WriterParts extends ReaderParts {
  readonly commits: Pick<Commits, "submit">
}

/** The writing half of a store: everything becomes a batch. */
export abstract class StoreWriter<
  Parts extends WriterParts = WriterParts,
> extends StoreReader<Parts> {
  async set(
    kind: string,
    key: string,
    value: unknown,
    options: SetOptions = {},
  ): Promise<SetResult> {
    this.checkNames(kind, key)
    const end = this.#end(kind, key, options)
    const json = this.parts.rules.value(kind, key, value)
    const set = setOp(kind, key, isPromise(json) ? await json : json, end)
    const op = options.ifVersion === undefined ? this.#overSeen(set) : set
    const { results } = await this.#submit(batchOf(op, options), options)
    return results[0] as SetResult
  }

  async setMany(
    kind: string,
    entries: Readonly<Record<string, unknown>> | Iterable<readonly [string, unknown]>,
    options: WriteOptions & EndOptions = {},
  ): Promise<BatchResult> {
    this.checkKind(kind)
    const end = this.#end(kind, undefined, options)
    const pairs = pairsOf(kind, entries)
    const keys = new Set<string>()
    const op = (key: string, value: unknown) => {
      const set = setOp(kind, key, value, end)
      if (keys.has(key)) return set // Over its own first value there is nothing to merge.
      keys.add(key)
      return this.#overSeen(set)
    }
    const ops: Awaitable<Op>[] = pairs.map(([key, value]) => {
      this.checkNames(kind, key)
      const json = this.parts.rules.value(kind, key, value)
      return isPromise(json) ? json.then((checked) => op(key, checked)) : op(key, json)
    })
    const ready = ops.some(isPromise) ? await Promise.all(ops) : (ops as Op[])
    ready.sort((a, b) => compareText(a.key, b.key))
    return this.#submit({ ops: ready, ...factsOf(options) }, options)
  }

  async delete(kind: string, key: string, options: EntryWriteOptions = {}): Promise<DeleteResult> {
    this.checkNames(kind, key)
    checkWrite(options)
    const op: Op = { type: "delete", kind, key }
    const { results } = await this.#submit(batchOf(op, options), options)
    return results[0] as DeleteResult
  }

  async deleteMany(kind: string, query: Query = {}, options: WriteOptions = {}): Promise<number> {
    this.checkKind(kind)
    checkQuery(query)
    return run(this.#deletingMany(kind, query, options))
  }

  async update(
    kind: string,
    key: string,
    change: (value: never) => unknown,
    options: SetOptions = {},
  ): Promise<SetResult> {
    this.checkNames(kind, key)
    checkFunction("What update() was given", change, "(value) => newValue")
    return run(this.#updating(kind, key, change, options))
  }

  async touch(kind: string, key: string, options: SetOptions = {}): Promise<boolean> {
    this.checkNames(kind, key)
    checkWrite(options)
    const op = touchOp(kind, key, endOf(kind, key, options, this.parts.view.now()))
    const { results } = await this.#submit(batchOf(op, options), options)
    return isFound(results[0] as SetResult)
  }

  async transaction<T>(
    steps: (tx: StagedTransaction) => Awaitable<T>,
    options: WriteOptions = {},
  ): Promise<T> {
    checkFunction("What transaction() was given", steps, "async (tx) => …")
    for (let tried = 1; ; tried++) {
      this.checkOpen()
      const tx = new StagedTransaction(this.parts)
      let result: T
      try {
        result = await steps(tx)
      } finally {
        tx.end()
      }
      try {
        const { batch } = tx
        if (batch.ops.length > 0) await this.#submit({ ...batch, ...factsOf(options) }, options)
        return result
      } catch (error) {
        if (!mayRetry(error, tried)) throw error
      }
    }
  }

  async commit(batch: Batch, options: Pick<WriteOptions, "signal"> = {}): Promise<BatchResult> {
    this.checkOpen()
    const { rules, view } = this.parts
    const ops: Op[] = []
    checkBatch(batch)
    for (const op of batch.ops) {
      const checked = checkedOp(rules, op, view.now())
      ops.push(isPromise(checked) ? await checked : checked)
    }
    for (const expectation of batch.expect ?? []) checkExpectation(rules, expectation)
    // What it rests on, the store alone knows.
    const { after: _, ...own }: RestingBatch = batch
    return this.#submit({ ...own, ops }, options)
  }

  load(source: TextSource, options: LoadOptions = {}): Promise<{ readonly lines: number }> {
    const target = {
      opOf: (line: DumpLine) => this.#opOf(line),
      commit: (batch: Batch) => this.#submit(batch, {}),
    }
    return loadInto(target, source, options)
  }

  async #opOf(line: DumpLine): Promise<Op> {
    const { kind, key } = line
    this.checkLoaded(kind, key)
    if ("deleted" in line) return { type: "delete", kind, key }
    const { packing } = this.parts.rules
    const read = packing.copy(packing.unpack(line, line.value))
    const value = await this.parts.rules.value(kind, key, read)
    return setOp(kind, key, value, endOf(kind, key, line, this.parts.view.now()))
  }

  /** Checks the names of what is loaded. */
  protected checkLoaded(kind: string, key: string): void {
    this.checkNames(kind, key)
  }

  /** When what is written now ends. */
  #end(kind: string, key: string | undefined, options: EndOptions): number | undefined {
    checkWrite(options)
    return this.parts.rules.end(kind, key, options, this.parts.view.now())
  }

  #overSeen(op: Op): Op {
    return withSeen(this.parts.rules, this.parts.view, op)
  }

  #submit(batch: RestingBatch, options: Pick<WriteOptions, "signal">): Promise<BatchResult> {
    this.checkOpen()
    return this.parts.commits.submit(batch, options.signal)
  }

  /** Steps, so that on an engine that answers at once the effect shows before this returns. */
  *#updating(
    kind: string,
    key: string,
    change: (value: never) => unknown,
    options: SetOptions,
  ): Steps<SetResult> {
    for (let tried = 1; ; tried++) {
      const seen = new SeenMakers()
      const entry = this.entryOf(seen.see(yield* wait(this.parts.view.fresh(kind, key))))
      if (entry === undefined) throw missing(kind, key)
      const changed = yield* wait(change(entry.value as never))
      const value = yield* wait(this.parts.rules.value(kind, key, changed))
      const end = this.#end(kind, key, options) ?? entry.expiresAt
      const expect: Expectation[] = [{ kind, key, version: entry.version }]
      if (options.ifVersion !== undefined) expect.push({ kind, key, version: options.ifVersion })
      try {
        const ops = [withRead(this.parts.rules, setOp(kind, key, value, end), entry.value)]
        const batch = { ops, expect, ...seen.after, ...factsOf(options) }
        const { results } = yield* wait(this.#submit(batch, options))
        return results[0] as SetResult
      } catch (error) {
        if (options.ifVersion !== undefined || !mayRetry(error, tried)) throw error
      }
    }
  }

  /** Steps, for the same reason. Each entry must still be as it was when the query found it. */
  *#deletingMany(kind: string, query: Query, options: WriteOptions): Steps<number> {
    for (let tried = 1; ; tried++) {
      const { head } = this.parts.view
      const seen = new SeenMakers()
      seen.seeAll(this.parts.view.pendingRows(kind).values())
      const found = yield* wait(this.find(kind, query))
      seen.seeAll(this.parts.view.pendingRows(kind).values())
      const ops = found.map(({ key }): Op => ({ type: "delete", kind, key }))
      const expect: Expectation[] = found.map(({ key, version }) => ({ kind, key, version }))
      // Which entries are among the first depends on all others.
      if (query.limit !== undefined || query.offset !== undefined) {
        expect.push({ kind, unchangedSince: head })
      }
      if (ops.length === 0 && options.idempotencyKey === undefined) return 0
      try {
        const batch = { ops, expect, ...seen.after, ...factsOf(options) }
        const { results } = yield* wait(this.#submit(batch, options))
        return results.filter((result) => "existed" in result && result.existed).length
      } catch (error) {
        if (!mayRetry(error, tried)) throw error
      }
    }
  }
}

function mayRetry(error: unknown, tried: number): boolean {
  return StoreError.is(error, "conflict") && tried < ATTEMPTS
}

function batchOf(op: Op, options: EntryWriteOptions): Batch {
  const { ifVersion } = options
  const ops = [op]
  if (ifVersion === undefined) return { ops, ...factsOf(options) }
  return { ops, expect: [{ kind: op.kind, key: op.key, version: ifVersion }], ...factsOf(options) }
}

function factsOf({
  origin,
  idempotencyKey,
}: WriteOptions): Pick<Batch, "origin" | "idempotencyKey"> {
  return {
    ...(origin === undefined ? {} : { origin }),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  }
}
