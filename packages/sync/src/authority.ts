import {
  type BatchResult,
  type Entry,
  type ErrorRecord,
  type Expectation,
  type Op,
  type Store,
  StoreError,
} from "@tidemark/core"
import { type Authorization, checkWrite } from "./authorization.ts"
import { CLIENTS, type ClientRecord, markOf, readClient } from "./clients.ts"
import { LEFT } from "./filter.ts"
import type { Answer, Mutate, Mutation } from "./message.ts"
import { isFinal, recordOf } from "./refusal.ts"
import { firstResults, Repeated } from "./repeated.ts"
import { sentResults, writtenOps } from "./written.ts"

/** How long a replica should wait when the authority cannot write, in milliseconds. */
const RETRY_AFTER = 1_000

const LATER: Answer = { type: "retry", afterMs: RETRY_AFTER }

/** What only Tidemark itself says of a change. */
const OWN_CAUSES = ["expired", "migrated", "snapshot", LEFT]

export interface AnswerOptions {
  /** May refuse a mutation for good, by a StoreError. */
  readonly check?: (mutation: Mutation) => void
  /** Nothing more is committed once it has fired. */
  readonly signal?: AbortSignal
}

/** A mutation that may be committed, with what it writes. */
interface Ready {
  readonly mutation: Mutation
  readonly written: readonly Op[]
}

/** … or why it may not. */
type Prepared = Ready | { readonly mutation: Mutation; readonly error: unknown }

/**
 * Processes the mutations of a message in order, each once whatever is repeated. Stops at the
 * first that cannot be processed now.
 *
 * @throws StoreError `unauthorized` when the client id belongs to another principal.
 */
export async function answerMutate(
  store: Store,
  authorization: Authorization,
  message: Mutate,
  options: AnswerOptions = {},
): Promise<Answer[]> {
  if (message.epoch !== store.epoch) return [] // The replica will hear of the new epoch on its feed.
  const answering = new Answering(store, authorization, message.client, options)
  return answering.answerAll(message.mutations)
}

/** The answers to one client. */
class Answering {
  readonly #store: Store
  readonly #authorization: Authorization
  readonly #client: string
  readonly #options: AnswerOptions
  readonly #repeated: Repeated

  constructor(store: Store, authorization: Authorization, client: string, options: AnswerOptions) {
    this.#store = store
    this.#authorization = authorization
    this.#client = client
    this.#options = options
    this.#repeated = new Repeated(store, authorization, client)
  }

  async answerAll(mutations: readonly Mutation[]): Promise<Answer[]> {
    const answers: Answer[] = []
    for (;;) {
      const rest = mutations.slice(answers.length)
      const [next] = rest
      if (next === undefined || this.#options.signal?.aborted) return answers
      const known = await readClient(this.#store, this.#client)
      checkOwner(known?.value, this.#authorization)
      const last = known?.version ?? 0
      if (known !== undefined && next.mutation <= last)
        answers.push(await this.#answerAgain(next, known))
      else if (next.mutation > last + 1) answers.push({ type: "expected", mutation: last + 1 })
      else answers.push(...(await this.#process(rest, last)))
      const type = answers.at(-1)?.type
      if (type === "expected" || type === "retry") return answers
    }
  }

  async #answerAgain(mutation: Mutation, known: Entry<ClientRecord>): Promise<Answer> {
    // What a power cut could still take back is not answered yet.
    if (known.seq > this.#store.position) return LATER
    return this.#repeated.answer(mutation, known)
  }

  /**
   * Commits mutations, each with its mark, those that follow each other in one tick: so that the
   * store writes them together. Gives the answers up to the first that was not committed: those
   * behind it have lost their turn with it. None, if a copy was faster.
   */
  async #process(mutations: readonly Mutation[], last: number): Promise<Answer[]> {
    const next = mutations.filter(({ mutation }, index) => mutation === last + 1 + index)
    const prepared = await Promise.all(next.map((mutation) => this.#prepare(mutation)))
    const committed = this.#options.signal?.aborted ? [] : this.#commitAll(prepared)
    const outcomes = await Promise.allSettled(committed)
    const answers: Answer[] = []
    for (const [index, one] of prepared.entries()) {
      try {
        answers.push(await this.#acknowledge(one, outcomes[index]))
      } catch (error) {
        if (isLostTurn(error)) return answers
        if (!isFinal(error)) return [...answers, LATER]
        const refused = await this.#refuse(one.mutation, error)
        return refused === undefined ? answers : [...answers, refused]
      }
    }
    return answers
  }

  async #prepare(mutation: Mutation): Promise<Prepared> {
    try {
      this.#check(mutation)
      return { mutation, written: await writtenOps(this.#store, mutation.ops) }
    } catch (error) {
      return { mutation, error }
    }
  }

  /** Commits those before the first that cannot be. */
  #commitAll(prepared: readonly Prepared[]): Promise<BatchResult>[] {
    const end = prepared.findIndex((one) => "error" in one)
    return prepared.slice(0, end === -1 ? prepared.length : end).map((one) => {
      const { mutation, written } = one as Ready
      const expect = [this.#turnOf(mutation), ...(mutation.expect ?? [])]
      const ops = [...written, this.#markOf(mutation)]
      return this.#store.commit({ ...this.#batchOf(mutation), expect, ops })
    })
  }

  /** @throws what the mutation was not committed for; `undefined` when nothing was tried any more. */
  async #acknowledge(one: Prepared, outcome?: PromiseSettledResult<BatchResult>): Promise<Answer> {
    if ("error" in one) throw one.error
    if (outcome?.status !== "fulfilled") throw outcome?.reason
    const { mutation, written } = one
    const { seq, results } = outcome.value
    const store = this.#store
    const { mutation: number, idempotencyKey } = mutation
    // A batch whose key was known has not applied, and so has not marked its number.
    if (idempotencyKey !== undefined && (await this.#lastNumber()) < number) {
      await store.commit({ ops: [this.#markOf(mutation)], expect: [this.#turnOf(mutation)] })
      const first = await firstResults(store, seq, results)
      return { type: "ack", mutation: number, seq, results: sentResults(store, written, first) }
    }
    const own = sentResults(store, written, results.slice(0, written.length))
    return { type: "ack", mutation: number, seq, results: own }
  }

  async #refuse(mutation: Mutation, cause: StoreError): Promise<Answer | undefined> {
    const error = recordOf(cause)
    try {
      this.#options.signal?.throwIfAborted()
      const { seq } = await this.#store.commit({
        ops: [this.#markOf(mutation, error)],
        expect: [this.#turnOf(mutation)],
      })
      return { type: "reject", mutation: mutation.mutation, seq, error }
    } catch (failure) {
      return isLostTurn(failure) ? undefined : LATER
    }
  }

  /** The op that notes a mutation as processed. */
  #markOf({ mutation }: Mutation, error?: ErrorRecord): Op {
    const record = { principal: this.#authorization.principal, mutation }
    return markOf(this.#client, error === undefined ? record : { ...record, error })
  }

  /** That the client's record is at the number before. */
  #turnOf({ mutation }: Mutation): Expectation {
    const version = mutation === 1 ? "absent" : mutation - 1
    return { kind: CLIENTS, key: this.#client, version }
  }

  /** @throws StoreError when the mutation may not be at all. */
  #check(mutation: Mutation): void {
    this.#options.check?.(mutation)
    checkCause(mutation)
    const { ops, expect = [] } = mutation
    for (const one of [...ops, ...expect]) checkWrite(this.#authorization, kindOf(one))
  }

  /** What a batch says besides its ops and expectations. */
  #batchOf({ origin = this.#client, cause, idempotencyKey }: Mutation) {
    return {
      origin,
      ...(cause === undefined ? {} : { cause }),
      ...(idempotencyKey === undefined
        ? {}
        : { idempotencyKey: ownKey(this.#authorization, idempotencyKey) }),
    }
  }

  async #lastNumber(): Promise<number> {
    return (await readClient(this.#store, this.#client))?.version ?? 0
  }
}

function checkOwner(record: ClientRecord | undefined, { principal }: Authorization): void {
  if (record === undefined || record.principal === principal) return
  throw new StoreError("unauthorized", "This client id belongs to somebody else", {
    hint: "Start with a new client id",
  })
}

/** Which kind an op or an expectation is about. The bounds of a scope are its server's alone. */
function kindOf(one: Mutation["ops"][number] | Expectation): string {
  if (!("quota" in one)) return one.kind
  throw new StoreError("unauthorized", "A replica may not ask about the bounds of a scope", {
    hint: "Give bounds with scope(), where the authority is",
  })
}

/** What has ended may be deleted by anybody, because an op `expire` looks at the clock itself. */
function checkCause({ cause, ops }: Mutation): void {
  if (cause === undefined || !OWN_CAUSES.includes(cause)) return
  if (cause === "expired" && ops.every(({ type }) => type === "expire")) return
  throw new StoreError("unauthorized", `A replica may not say that a change is ${cause}`, {
    details: { cause },
    hint: "Give a cause of your own",
  })
}

/** Another principal that chose the same key would be told what this one has written. */
function ownKey({ principal }: Authorization, key: string): string {
  return `${JSON.stringify(principal)} ${key}`
}

/** Whether a commit failed because the client's own record had moved on. */
function isLostTurn(error: unknown): boolean {
  return StoreError.is(error, "conflict") && error.details.kind === CLIENTS
}
