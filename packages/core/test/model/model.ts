import type { Change, ChangeType, Expectation, Op } from "@tidemark/core"

/** What the model knows of a key, a deleted one too. */
export interface ModelRow {
  readonly kind: string
  readonly key: string
  readonly value: unknown
  readonly version: number
  readonly seq: number
  readonly deleted: boolean
  readonly expiresAt: number | undefined
}

/** What a change must say. Times and causes are not modelled. */
export type ModelChange = Pick<
  Change,
  "seq" | "type" | "kind" | "key" | "value" | "version" | "batch"
> & { readonly previous?: unknown; readonly expiresAt?: number }

/** What a batch must answer. */
export type ModelOutcome =
  | { readonly results: readonly unknown[] }
  | { readonly refused: "conflict" }

/**
 * What a store is, in the plainest words: a map and a list. It shares no code with the store, so
 * that a mistake is not made twice. Nothing is ever forgotten.
 */
export class Model {
  readonly changes: ModelChange[] = []
  readonly #rows = new Map<string, ModelRow>()
  readonly #receipts = new Map<string, ModelOutcome>()

  get head(): number {
    return this.changes.length
  }

  row(kind: string, key: string): ModelRow | undefined {
    return this.#rows.get(nameOf(kind, key))
  }

  /** The entries of a kind in the order of the keys' UTF-8 bytes. */
  entries(kind: string): ModelRow[] {
    return [...this.#rows.values()]
      .filter((row) => row.kind === kind && !row.deleted)
      .sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)))
  }

  kinds(): string[] {
    const present = [...this.#rows.values()].filter((row) => !row.deleted).map((row) => row.kind)
    return [...new Set(present)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  }

  /** What the store was after so many changes. */
  at(seq: number): Model {
    const past = new Model()
    for (const change of this.changes.slice(0, seq)) past.#take(change)
    return past
  }

  commit(
    ops: readonly Op[],
    expect: readonly Expectation[] = [],
    idempotencyKey?: string,
  ): ModelOutcome {
    const known = idempotencyKey === undefined ? undefined : this.#receipts.get(idempotencyKey)
    if (known !== undefined) return known
    if (!expect.every((one) => this.#holds(one))) return { refused: "conflict" }
    const batch = this.head + 1
    const outcome = { results: ops.map((op) => this.#apply(op, batch)) }
    if (idempotencyKey !== undefined) this.#receipts.set(idempotencyKey, outcome)
    return outcome
  }

  /** The entries that have ended by a time. */
  ended(now: number): ModelRow[] {
    return [...this.#rows.values()].filter(
      ({ deleted, expiresAt }) => !deleted && expiresAt !== undefined && expiresAt <= now,
    )
  }

  /** Takes over the end of an entry, in the order and the batch that the store has chosen. */
  expire({ kind, key, value, version }: ModelRow, batch: number): ModelChange {
    const seq = this.head + 1
    const change = { seq, type: "delete" as const, kind, key, value, version: version + 1, batch }
    this.#take(change)
    return change
  }

  #apply(op: Op, batch: number): unknown {
    const before = this.row(op.kind, op.key)
    const isThere = before !== undefined && !before.deleted
    if (op.type === "delete") {
      if (!isThere) return { existed: false, previous: undefined }
      this.#write(op, "delete", before.value, before, batch)
      return { existed: true, previous: before.value }
    }
    if (op.type === "expire") throw new Error("the model lets entries end by expire()")
    const value = op.type === "set" ? op.value : before?.value
    const isSame = before?.expiresAt === op.expiresAt && show(before?.value) === show(value)
    if (isThere ? isSame : op.type === "touch") {
      return { outcome: "unchanged", version: before?.version ?? 0, seq: before?.seq ?? 0 }
    }
    const { version, seq } = this.#write(op, isThere ? "update" : "create", value, before, batch)
    return { outcome: isThere ? "updated" : "created", version, seq }
  }

  #write(
    op: Op,
    type: ChangeType,
    value: unknown,
    before: ModelRow | undefined,
    batch: number,
  ): ModelChange {
    const { kind, key } = op
    const expiresAt = "expiresAt" in op ? op.expiresAt : undefined
    const change: ModelChange = {
      seq: this.head + 1,
      type,
      kind,
      key,
      value,
      ...(type === "update" ? { previous: before?.value } : {}),
      ...(expiresAt === undefined ? {} : { expiresAt }),
      version: (before?.version ?? 0) + 1,
      batch,
    }
    this.#take(change)
    return change
  }

  #take(change: ModelChange): void {
    const { kind, key, value, version, seq, type, expiresAt } = change
    this.changes.push(change)
    const row = { kind, key, value, version, seq, deleted: type === "delete", expiresAt }
    this.#rows.set(nameOf(kind, key), row)
  }

  #holds(expectation: Expectation): boolean {
    if ("quota" in expectation) return true
    if ("unchangedSince" in expectation) {
      const { kind, unchangedSince } = expectation
      return !this.changes.slice(unchangedSince).some((change) => change.kind === kind)
    }
    const row = this.row(expectation.kind, expectation.key)
    const version = row === undefined || row.deleted ? "absent" : row.version
    if (expectation.version === "present") return version !== "absent"
    return expectation.version === version
  }
}

function show(value: unknown): string {
  return JSON.stringify(value)
}

function nameOf(kind: string, key: string): string {
  return JSON.stringify([kind, key])
}
