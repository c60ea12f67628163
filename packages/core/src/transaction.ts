import { type Awaitable, run, type Steps, wait } from "./awaitable.ts"
import {
  type DeleteResult,
  type Expectation,
  type ExpectedVersion,
  isFound,
  type Op,
  type OpResult,
  type RestingBatch,
  type SetResult,
  setOp,
  touchOp,
} from "./batch.ts"
import { rowAfter } from "./change.ts"
import { collect } from "./collect.ts"
import { decide } from "./decide.ts"
import { endOf } from "./end.ts"
import type { EngineReads } from "./engine.ts"
import { type Entry, entryOf, type Row } from "./entry.ts"
import { StoreError } from "./errors.ts"
import { KeyedMap } from "./keyed-map.ts"
import type { InputOf, KindName, KindRules, Kinds, KindTypes, ValueOf } from "./kinds.ts"
import { SeenMakers } from "./maker.ts"
import { withRead, withSeen } from "./merging.ts"
import { checkQuery, type Query } from "./query.ts"
import type { EntryOf } from "./reading.ts"
import type { ViewReads } from "./view.ts"
import { checkWrite, type SetOptions, type WriteOptions } from "./writing.ts"

/** What one write of a transaction can be told. The rest is told to the whole. */
export type StagedOptions = Omit<SetOptions, keyof WriteOptions>

/** The store as one transaction sees it: own staged writes over what was there. */
export interface Transaction<K extends Kinds = Kinds> {
  /** Never there; see `KindTypes`. */
  readonly kindTypes?: KindTypes<K>
  get<N extends KindName<K>>(kind: N, key: string): Promise<ValueOf<K, N> | undefined>
  entry<N extends KindName<K>>(kind: N, key: string): Promise<EntryOf<K, N> | undefined>
  list<N extends KindName<K>>(
    kind: N,
    query?: Query<ValueOf<K, N>>,
  ): Promise<readonly EntryOf<K, N>[]>
  set<N extends KindName<K>>(
    kind: N,
    key: string,
    value: InputOf<K, N>,
    options?: StagedOptions,
  ): Promise<void>
  update<N extends KindName<K>>(
    kind: N,
    key: string,
    change: (value: ValueOf<K, N>) => Awaitable<InputOf<K, N>>,
    options?: StagedOptions,
  ): Promise<void>
  /** As the store's `touch`: whether there is an entry. */
  touch<N extends KindName<K>>(kind: N, key: string, options?: StagedOptions): Promise<boolean>
  /** Whether there was an entry to delete. */
  delete<N extends KindName<K>>(
    kind: N,
    key: string,
    options?: { readonly ifVersion?: ExpectedVersion },
  ): Promise<boolean>
}

/** What a transaction reads from. */
export interface TransactionContext {
  readonly engine: EngineReads
  readonly view: ViewReads
  readonly rules: KindRules
}

/** Stages the writes of one run of a transaction and notes what it has read. */
export class StagedTransaction implements Transaction {
  readonly #context: TransactionContext
  readonly #ops: Op[] = []
  readonly #expect: Expectation[] = []
  readonly #seen = new SeenMakers()
  readonly #staged = new KeyedMap<Row>()
  readonly #read = new KeyedMap<Row | null>()
  #ended = false

  constructor(context: TransactionContext) {
    this.#context = context
  }

  /** What this run comes to: what it has staged, and by what it has read. */
  get batch(): RestingBatch {
    return { ops: this.#ops, expect: this.#expect, ...this.#seen.after }
  }

  /** Refuses every later use. */
  end(): void {
    this.#ended = true
  }

  async get(kind: string, key: string): Promise<never> {
    return (await this.entry(kind, key))?.value as never
  }

  async entry(kind: string, key: string): Promise<Entry<never> | undefined> {
    this.#check(kind, key)
    const entry = this.#entryOf(await run(this.#row(kind, key)))
    return (entry && this.#context.rules.packing.give(entry)) as Entry<never> | undefined
  }

  async list(kind: string, query: Query = {}): Promise<readonly Entry<never>[]> {
    this.#check(kind, "")
    checkQuery(query)
    const { engine, view } = this.#context
    const unchangedSince = view.head
    const first = query.offset ?? 0
    const end = first + (query.limit ?? Number.POSITIVE_INFINITY)
    const source = {
      engine,
      now: () => view.now(),
      overlay: () => {
        const [pending, staged] = [view.pendingRows(kind), this.#staged.ofKind(kind)]
        this.#seen.seeAll(pending.values())
        return pending.size === 0 ? staged : new Map([...pending, ...staged])
      },
      row: (key: string) => this.#staged.get(kind, key) ?? view.fresh(kind, key),
    }
    const { entries } = await collect(source, kind, query, end)
    const found = entries.slice(first, end)
    this.#expect.push({ kind, unchangedSince })
    for (const { key, version, expiresAt } of found) {
      // Its end is no change of the kind, but it changes the list.
      if (expiresAt === undefined || this.#staged.get(kind, key) !== undefined) continue
      this.#expect.push({ kind, key, version })
    }
    const given = this.#context.rules.packing.allGiven(found)
    return given as unknown as readonly Entry<never>[]
  }

  async set(kind: string, key: string, value: unknown, options: StagedOptions = {}): Promise<void> {
    this.#check(kind, key)
    await this.#set(kind, key, value, this.#end(kind, key, options), options.ifVersion)
  }

  async update(
    kind: string,
    key: string,
    change: (value: never) => unknown,
    options: StagedOptions = {},
  ): Promise<void> {
    const entry = await this.entry(kind, key)
    if (entry === undefined) throw missing(kind, key)
    const value = await change(entry.value)
    this.#check(kind, key)
    const end = this.#end(kind, key, options) ?? entry.expiresAt
    await this.#set(kind, key, value, end, options.ifVersion)
  }

  async touch(kind: string, key: string, options: StagedOptions = {}): Promise<boolean> {
    this.#check(kind, key)
    const op = touchOp(kind, key, endOf(kind, key, options, this.#context.view.now()))
    return isFound((await run(this.#stage(op, options.ifVersion))) as SetResult)
  }

  async delete(
    kind: string,
    key: string,
    options: { readonly ifVersion?: ExpectedVersion } = {},
  ): Promise<boolean> {
    this.#check(kind, key)
    const result = await run(this.#stage({ type: "delete", kind, key }, options.ifVersion))
    return (result as DeleteResult).existed
  }

  async #set(
    kind: string,
    key: string,
    value: unknown,
    end: number | undefined,
    ifVersion: ExpectedVersion | undefined,
  ): Promise<void> {
    const json = await this.#context.rules.value(kind, key, value)
    await run(this.#stage(setOp(kind, key, json, end), ifVersion))
  }

  /** When what is written now ends. */
  #end(kind: string, key: string, options: StagedOptions): number | undefined {
    checkWrite(options)
    return this.#context.rules.end(kind, key, options, this.#context.view.now())
  }

  #check(kind: string, key: string): void {
    if (this.#ended) {
      throw new StoreError("closed", `This transaction has ended; ${kind}/${key} was not touched`, {
        hint: "Await every call inside the transaction's function",
      })
    }
    this.#context.rules.checkNames(kind, key)
  }

  #entryOf(row: Row | undefined): Entry | undefined {
    return entryOf(row, this.#context.view.now())
  }

  *#row(kind: string, key: string): Steps<Row | undefined> {
    const staged = this.#staged.get(kind, key)
    if (staged !== undefined) return staged
    const read = this.#read.get(kind, key)
    if (read !== undefined) return read ?? undefined
    const row = this.#seen.see(yield* wait(this.#context.view.fresh(kind, key)))
    this.#read.set(kind, key, row ?? null)
    this.#expect.push({ kind, key, version: this.#entryOf(row)?.version ?? "absent" })
    return row
  }

  /** Stages one op by the rules of the commit itself. */
  *#stage(op: Op, ifVersion: ExpectedVersion | undefined): Steps<OpResult | undefined> {
    const { kind, key } = op
    const before =
      ifVersion === undefined && op.type === "set" // A set tells nothing of what was there.
        ? (this.#staged.get(kind, key) ?? (yield* wait(this.#context.view.fresh(kind, key))))
        : yield* this.#row(kind, key)
    const expect = ifVersion === undefined ? [] : [{ kind, key, version: ifVersion }]
    const { packing } = this.#context.rules
    const decision = decide(
      { id: 0, at: this.#context.view.now(), ops: [packing.unpacked(op)], expect },
      {
        head: this.#context.view.head,
        row: () => before,
        changedSince: () => false,
        equal: packing.equal,
        merge: (_entry, _over, mine) => mine,
        // Decided at the commit.
        usage: () => undefined,
        refuses: () => false,
        receipt: () => undefined,
      },
    )
    if (!decision.applies) throw decision.error
    const isFirst = this.#staged.get(kind, key) === undefined
    this.#ops.push(isFirst ? this.#overSeen(op, ifVersion) : op)
    const change = decision.changes.at(-1)
    if (change !== undefined) this.#staged.set(kind, key, { ...rowAfter(change), pending: true })
    return decision.result.results[0]
  }

  /** A first op with what was before it, where its kind merges. */
  #overSeen(op: Op, ifVersion: ExpectedVersion | undefined): Op {
    const { rules, view } = this.#context
    const read = this.#read.get(op.kind, op.key)
    const row = this.#entryOf(read ?? undefined)
    if (row !== undefined) return withRead(rules, op, row.value)
    // What is expected not to be there leaves nothing to merge.
    return read === undefined && ifVersion === undefined ? withSeen(rules, view, op) : op
  }
}

/** The error of an update without an entry. */
export function missing(kind: string, key: string): StoreError {
  return new StoreError("not_found", `There is no ${kind}/${key} to update`, {
    details: { kind, key },
    hint: "Use set() to create it",
  })
}
