import { type Change, type Entry, type OpResult, type Store, StoreError } from "@tidemark/core"
import { storedFacts } from "@tidemark/core/engine"
import { type Authorization, mayRead } from "./authorization.ts"
import { CLIENTS, type ClientRecord, lastMutationOf, readRefusal } from "./clients.ts"
import type { Answer, Mutation } from "./message.ts"
import { type Sent, sent } from "./sent.ts"

/**
 * So many of a client's last mutations can be answered again as they were answered first. No
 * replica has more under way that were not answered.
 */
const REMEMBERED = 10_000

/** What was answered the first time to the mutations of a message, read from the log. */
export class Repeated {
  readonly #store: Store
  readonly #authorization: Authorization
  readonly #client: string
  #marks: ReadonlyMap<number, Change> = new Map()
  /** How many marks were read, back from which number. */
  #back = 0
  #newest = 0

  constructor(store: Store, authorization: Authorization, client: string) {
    this.#store = store
    this.#authorization = authorization
    this.#client = client
  }

  /**
   * The answer to a mutation that the client's record includes. A refusal is known until the client
   * has said that it has heard of it: what is not refused has applied.
   */
  async answer({ mutation, ops, large }: Mutation, known: Entry<ClientRecord>): Promise<Answer> {
    const refusal = await readRefusal(this.#store, this.#client, mutation)
    if (refusal !== undefined)
      return { type: "reject", mutation, seq: refusal.seq, error: refusal.value }
    const mark = await this.#mark(mutation, known)
    if (mark === undefined) return { type: "ack", mutation, seq: this.#store.position }
    const { first } = mark.value as ClientRecord
    if (first !== undefined) return { type: "ack", mutation, ...first }
    const batch = large === undefined ? await this.#batch(mark) : undefined
    if (batch === undefined) return { type: "ack", mutation, seq: mark.seq }
    const changes = changesByName(batch)
    const results: Sent<OpResult>[] = []
    for (const op of ops) results.push(await this.#result(op, changes))
    return { type: "ack", mutation, seq: mark.seq, results }
  }

  async #mark(mutation: number, known: Entry<ClientRecord>): Promise<Change | undefined> {
    const newest = known.value.mutation
    const back = newest - mutation + 1
    if (back > REMEMBERED) return undefined
    if (back > this.#back || newest !== this.#newest) {
      // Further than asked for: the next may be the one before it.
      this.#back = Math.min(REMEMBERED, back * 2)
      this.#newest = newest
      const marks = await this.#store.history(CLIENTS, this.#client, { limit: this.#back })
      this.#marks = new Map(marks.map((mark) => [lastMutationOf(mark), mark]))
    }
    return this.#marks.get(mutation)
  }

  /** The changes of the batch that a mark was written with; undefined where the log no longer tells. */
  async #batch({ batch, seq }: Change): Promise<readonly Change[] | undefined> {
    try {
      return await storedFacts(this.#store).changes(batch - 1, seq - batch + 1)
    } catch (error) {
      if (StoreError.is(error, "position_too_old")) return undefined
      throw error
    }
  }

  async #result(
    { type, kind, key }: Mutation["ops"][number],
    changes: ReadonlyMap<string, readonly Change[]>,
  ): Promise<Sent<OpResult>> {
    // Who repeats a number may name what it has never written, and may not read.
    const isOpen = mayRead(this.#authorization, kind)
    // The end of what an op met is told before its own change.
    const isOwn = ({ cause }: Change) => (cause === "expired") === (type === "expire")
    const change = isOpen ? changes.get(nameOf(kind, key))?.find(isOwn) : undefined
    if (type === "delete" || type === "expire") {
      return sent<OpResult>({ existed: change !== undefined, previous: change?.value })
    }
    if (change !== undefined) {
      const outcome = change.type === "create" ? "created" : "updated"
      return { outcome, version: change.version, seq: change.seq }
    }
    const entry = isOpen ? await storedFacts(this.#store).entry(kind, key) : undefined
    return { outcome: "unchanged", version: entry?.version ?? 0, seq: entry?.seq ?? 0 }
  }
}

/** Of the results that a known key answers with, those of the ops that came before the mark, if it had one. */
export async function firstResults(
  store: Store,
  seq: number,
  results: readonly OpResult[],
  length: number,
): Promise<readonly OpResult[]> {
  const last = results.at(-1)
  if (last === undefined || !("outcome" in last) || last.seq !== seq) return results
  const [change] = await storedFacts(store)
    .changes(seq - 1, 1)
    .catch((): readonly Change[] => [])
  // Where the log no longer reaches back, whoever repeats a key repeats its ops.
  if (change === undefined) return results.slice(0, length)
  return change.kind === CLIENTS ? results.slice(0, -1) : results
}

function changesByName(changes: readonly Change[]): ReadonlyMap<string, readonly Change[]> {
  return Map.groupBy(changes, ({ kind, key }) => nameOf(kind, key))
}

function nameOf(kind: string, key: string): string {
  return JSON.stringify([kind, key])
}
