// Over 250 lines: what one message commits, and what it is answered, is decided in one place.
import {
  type BatchResult,
  type Entry,
  type Expectation,
  type Op,
  type Store,
  StoreError,
} from "@tidemark/core"
import { restsOnRefused, storedFacts } from "@tidemark/core/engine"
import type { Authorization } from "./authorization.ts"
import { checkOwner, checkRights } from "./checks.ts"
import {
  CLIENTS,
  type ClientRecord,
  forgettingOf,
  keptRefusals,
  markOf,
  readClient,
  refusalOf,
} from "./clients.ts"
import { DEFAULT_LIMITS, type Limits } from "./limits.ts"
import type { Answer, Mutate, Mutation } from "./message.ts"
import { isFinal, recordOf } from "./refusal.ts"
import { firstResults, Repeated } from "./repeated.ts"
import { ToldResults } from "./told-results.ts"
import { factsOf, renewedBytes, sentResults, writtenOps } from "./written.ts"

/** How long a replica should wait when the authority cannot write, in milliseconds. */
const RETRY_AFTER = 1_000

const LATER: Answer = { type: "retry", afterMs: RETRY_AFTER }

/** So many mutations are committed together at most: each transaction costs as much as many of them. */
const TOGETHER = 256

/** … and so many at least, where refusals come one after the other: what is behind one is committed again. */
const LEAST_TOGETHER = 8

/** So many refusals of a client are kept until it has heard of them; until then it has to wait. */
const MOST_REFUSALS = 1_000

/** So long may be, as JSON, what is kept of the answer that an idempotency key stands for. */
const MOST_FIRST = 16 * 1024

/** Answers after which the others of a message have none. */
export const LAST_ANSWERS: readonly (Answer["type"] | undefined)[] = [
  "expected",
  "forgotten",
  "retry",
]

export interface AnswerOptions {
  /** May refuse a mutation for good, by a StoreError. */
  readonly check?: (mutation: Mutation) => void
  /** Asked before a new client is remembered: how long that has to wait, in milliseconds, if it does. */
  readonly waitForClient?: () => number | undefined
  /**
   * Hears how many bytes of values a mutation writes to the log without having brought them. May
   * throw a StoreError, which refuses the mutation, or says with `busy` that it is not its time.
   */
  readonly renewed?: (bytes: number) => void
  /** Nothing more is committed once it has fired. */
  readonly signal?: AbortSignal
  /** How long clients are known. */
  readonly limits?: Pick<Limits, "clientFor" | "memoryClientFor">
}

/** What is known of a client. */
type Known = Entry<ClientRecord> | undefined

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
  const answering = new Answering(store, authorization, message, options)
  return answering.answerAll(message.mutations)
}

/** The answers to a message of one client. */
class Answering {
  readonly #store: Store
  readonly #authorization: Authorization
  readonly #message: Mutate
  readonly #options: AnswerOptions
  readonly #repeated: Repeated
  readonly #told = new ToldResults()
  /** How long the client is known after a write, in milliseconds. */
  readonly #life: number
  /** The numbers of the refusals that are kept. */
  #refusals: readonly number[] | undefined
  /** The numbers on which a mutation of the message rests. */
  #rests: ReadonlySet<number> | undefined
  /** Up to which number refusals of the client were let go of. */
  #letGo = 0
  /** How many mutations are committed together next. */
  #together = TOGETHER

  constructor(store: Store, authorization: Authorization, message: Mutate, options: AnswerOptions) {
    const { clientFor, memoryClientFor } = options.limits ?? DEFAULT_LIMITS
    this.#store = store
    this.#authorization = authorization
    this.#message = message
    this.#options = options
    this.#repeated = new Repeated(store, authorization, message.client)
    this.#life = message.kept ? clientFor : memoryClientFor
  }

  async answerAll(mutations: readonly Mutation[]): Promise<Answer[]> {
    const answers: Answer[] = []
    for (;;) {
      const rest = mutations.slice(answers.length)
      const [next] = rest
      if (next === undefined || this.#options.signal?.aborted) return answers
      const known = await readClient(this.#store, this.#message.client)
      checkOwner(known?.value, this.#authorization)
      const last = known?.value.mutation ?? 0
      if (known === undefined && this.#mayBeForgotten()) answers.push({ type: "forgotten" })
      else if (known !== undefined && next.mutation <= last)
        answers.push(this.#told.within(await this.#answerAgain(next, known)))
      else if (next.mutation > last + 1) answers.push({ type: "expected", mutation: last + 1 })
      else
        for (const answer of await this.#process(rest, known))
          answers.push(this.#told.within(answer))
      if (LAST_ANSWERS.includes(answers.at(-1)?.type)) return answers
    }
  }

  /** Whether a client that is not known wrote so long ago that its record may have ended. */
  #mayBeForgotten(): boolean {
    return this.#message.since <= storedFacts(this.#store).now() - this.#life
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
  async #process(mutations: readonly Mutation[], known: Known): Promise<Answer[]> {
    const wait = known === undefined ? this.#options.waitForClient?.() : undefined
    if (wait !== undefined) return [{ type: "retry", afterMs: wait }]
    const last = known?.value.mutation ?? 0
    this.#letGo = known?.value.letGo ?? 0
    const following = mutations.filter(({ mutation }, index) => mutation === last + 1 + index)
    // The version of a record that is new is known once it is there.
    const prepared = await this.#prepareAll(
      following.slice(0, known === undefined ? 1 : this.#together),
    )
    const committed = this.#options.signal?.aborted ? [] : this.#commitAll(prepared, known)
    const outcomes = await Promise.allSettled(committed)
    const answers: Answer[] = []
    for (const [index, one] of prepared.entries()) {
      try {
        answers.push(await this.#acknowledge(one, known, outcomes[index]))
      } catch (error) {
        if (isLostTurn(error)) return answers
        if (!isFinal(error)) return [...answers, LATER]
        this.#together = Math.max(LEAST_TOGETHER, this.#together / 4)
        const refused = await this.#refuse(one.mutation, error, known)
        return refused === undefined ? answers : [...answers, refused]
      }
    }
    this.#together = Math.min(TOGETHER, this.#together * 2)
    return answers
  }

  /** Prepares mutations up to the first that may not be committed. */
  async #prepareAll(mutations: readonly Mutation[]): Promise<readonly Prepared[]> {
    const prepared: Prepared[] = []
    for (const mutation of mutations) {
      const one = await this.#prepare(mutation)
      prepared.push(one)
      if ("error" in one) break
    }
    return prepared
  }

  async #prepare(mutation: Mutation): Promise<Prepared> {
    try {
      const { check, renewed } = this.#options
      if (mutation.stale || (await this.#restsOnRefused(mutation))) throw restsOnRefused()
      check?.(mutation)
      checkRights(this.#authorization, mutation)
      const written = await writtenOps(this.#store, mutation.ops)
      // What was packed is looked at again as what it was read as.
      if (written.some((op, index) => op !== mutation.ops[index]))
        check?.({ ...mutation, ops: written })
      if (renewed !== undefined) renewed(await renewedBytes(this.#store, written))
      return { mutation, written }
    } catch (error) {
      return { mutation, error }
    }
  }

  /** Whether one on which it rests was refused: its replica had not heard of that when it sent this one. */
  async #restsOnRefused({ rests = [] }: Mutation): Promise<boolean> {
    if (rests.length === 0) return false
    // Read anew: another copy of the message may have been faster.
    const refusals = new Set(await keptRefusals(this.#store, this.#message.client))
    if (rests.some((mutation) => refusals.has(mutation))) return true
    // Its replica has heard by now what became of these, and says something else.
    if (rests.some((mutation) => mutation <= this.#letGo)) throw outdated()
    return false
  }

  /** Commits those before the first that cannot be. */
  #commitAll(prepared: readonly Prepared[], known: Known): Promise<BatchResult>[] {
    const end = prepared.findIndex((one) => "error" in one)
    return prepared.slice(0, end === -1 ? prepared.length : end).map((one) => {
      const { mutation, written } = one as Ready
      const expect = [this.#turnOf(mutation, known), ...(mutation.expect ?? [])]
      const ops = [...written, this.#markOf(mutation)]
      return this.#store.commit({
        ...factsOf(mutation, this.#message.client, this.#authorization),
        expect,
        ops,
      })
    })
  }

  /** @throws what the mutation was not committed for; `undefined` when nothing was tried any more. */
  async #acknowledge(
    one: Prepared,
    known: Known,
    outcome?: PromiseSettledResult<BatchResult>,
  ): Promise<Answer> {
    if ("error" in one) throw one.error
    if (outcome?.status !== "fulfilled") throw outcome?.reason
    const { mutation, written } = one
    const { seq, results } = outcome.value
    const store = this.#store
    const { mutation: number, idempotencyKey } = mutation
    // A batch whose key was known has not applied, and so has not marked its number.
    if (idempotencyKey !== undefined && (await this.#lastNumber()) < number) {
      const own = await firstResults(store, seq, results, written.length)
      const first = { seq, results: sentResults(store, written, own) }
      const isShort = JSON.stringify(first.results).length <= MOST_FIRST
      const mark = this.#markOf(mutation, { first: isShort ? first : { seq } })
      await store.commit({ ops: [mark], expect: [this.#turnOf(mutation, known)] })
      return { type: "ack", mutation: number, ...first }
    }
    const own = sentResults(store, written, results.slice(0, written.length))
    return { type: "ack", mutation: number, seq, results: own }
  }

  async #refuse(mutation: Mutation, cause: StoreError, known: Known): Promise<Answer | undefined> {
    const { client, answered } = this.#message
    const error = recordOf(cause)
    try {
      this.#refusals ??= await keptRefusals(this.#store, client)
      const kept = this.#refusals.filter((one) => one > answered)
      if (kept.length >= MOST_REFUSALS) return LATER // Until it has heard of some.
      const gone = this.#refusals.filter((one) => one <= answered && !this.#isRestedOn(one))
      this.#letGo = Math.max(this.#letGo, ...gone)
      const refusal = refusalOf(client, mutation.mutation, error, this.#end())
      this.#options.signal?.throwIfAborted()
      const { seq } = await this.#store.commit({
        ops: [...forgettingOf(client, gone), this.#markOf(mutation), refusal],
        expect: [this.#turnOf(mutation, known)],
      })
      this.#refusals = [...kept, mutation.mutation]
      return { type: "reject", mutation: mutation.mutation, seq, error }
    } catch (failure) {
      return isLostTurn(failure) ? undefined : LATER
    }
  }

  /** Whether a mutation of this message rests on one. */
  #isRestedOn(refused: number): boolean {
    this.#rests ??= new Set(this.#message.mutations.flatMap(({ rests = [] }) => rests))
    return this.#rests.has(refused)
  }

  /** The op that notes a mutation as processed. */
  #markOf({ mutation }: Mutation, more: Pick<ClientRecord, "first"> = {}): Op {
    const { principal } = this.#authorization
    const letGo = this.#letGo === 0 ? {} : { letGo: this.#letGo }
    const record = { principal, mutation, ...letGo, ...more }
    return markOf(this.#message.client, record, this.#end())
  }

  /** When a client that writes now is forgotten. */
  #end(): number | undefined {
    const end = Math.ceil(storedFacts(this.#store).now() + this.#life)
    return end < Number.POSITIVE_INFINITY ? end : undefined
  }

  /** That the client's record is at the number before. */
  #turnOf({ mutation }: Mutation, known: Known): Expectation {
    const version = known && known.version + mutation - known.value.mutation - 1
    return { kind: CLIENTS, key: this.#message.client, version: version ?? "absent" }
  }

  async #lastNumber(): Promise<number> {
    return (await readClient(this.#store, this.#message.client))?.value.mutation ?? 0
  }
}

/** Why a late copy of a mutation is passed over: nothing is written, and its replica does not wait for it. */
function outdated(): StoreError {
  return new StoreError("aborted", "This is a copy of before the replica heard of a refusal")
}

/** Whether a commit failed because the client's own record had moved on. */
function isLostTurn(error: unknown): boolean {
  return StoreError.is(error, "conflict") && error.details.kind === CLIENTS
}
