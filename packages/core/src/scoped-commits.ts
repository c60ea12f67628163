import type { BatchResult, Expectation, Quota, RestingBatch } from "./batch.ts"
import type { Commits, Signal } from "./commits.ts"
import type { ScopedNames } from "./scoped-names.ts"

/** The way into a scope: its batches go to the store by the names there, with the scope's bounds. */
export class ScopedCommits implements Pick<Commits, "submit"> {
  readonly #commits: Pick<Commits, "submit">
  readonly #names: ScopedNames
  readonly #bounds: readonly Expectation[]
  readonly #underWay = new Set<Promise<unknown>>()

  /** `quotas` are the scope's own and those of the scopes around it. */
  constructor(commits: Pick<Commits, "submit">, names: ScopedNames, quotas: readonly Quota[]) {
    this.#commits = commits
    this.#names = names
    this.#bounds = quotas.map((quota) => ({ quota }))
  }

  submit(batch: RestingBatch, signal?: Signal): Promise<BatchResult> {
    const done = this.#commits.submit(this.#stored(batch), signal).catch((error) => {
      throw this.#names.error(error)
    })
    this.#underWay.add(done)
    const forget = () => this.#underWay.delete(done)
    done.then(forget, forget)
    return done
  }

  /** Resolves when everything that was submitted has settled. */
  async settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.allSettled(this.#underWay)
  }

  #stored({ ops, expect = [], idempotencyKey, ...facts }: RestingBatch): RestingBatch {
    // Nothing but a set can take a scope past its bounds.
    const bounds = ops.some(({ type }) => type === "set") ? this.#bounds : []
    return {
      ...facts,
      ops: ops.map((op) => ({ ...op, kind: this.#names.stored(op.kind) })),
      expect: [...expect.map((one) => this.#expectation(one)), ...bounds],
      // Who is in another scope may have chosen the same key.
      ...(idempotencyKey === undefined
        ? {}
        : { idempotencyKey: this.#names.stored(idempotencyKey) }),
    }
  }

  #expectation(expectation: Expectation): Expectation {
    if ("quota" in expectation) return expectation
    return { ...expectation, kind: this.#names.stored(expectation.kind) }
  }
}
