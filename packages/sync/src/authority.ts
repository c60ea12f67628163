import {
  type Change,
  type ErrorRecord,
  type Expectation,
  type OpResult,
  type Store,
  StoreError,
} from "@tidemark/core"
import { storedFacts } from "@tidemark/core/engine"
import { type Authorization, checkWrite } from "./authorization.ts"
import { CLIENTS, type ClientRecord, markOf, readClient } from "./clients.ts"
import type { Answer, Mutate, Mutation } from "./message.ts"
import { Repeated } from "./repeated.ts"
import { sentResults, writtenOps } from "./written.ts"

/** How long a replica should wait when the authority cannot write, in milliseconds. */
const RETRY_AFTER = 1_000

/** So many characters of an error are kept. */
const MOST_TEXT = 2_000

/** What only Tidemark itself says of a change. */
const OWN_CAUSES = ["expired", "migrated", "snapshot"]

/** Why a mutation can be refused for good: these depend on the log alone, so a repeat ends the same. */
const FINAL = [
  "conflict",
  "invalid_key",
  "invalid_value",
  "not_found",
  "quota_exceeded",
  "schema_too_new",
  "unauthorized",
  "unsupported",
  "validation_failed",
] as const

export interface AnswerOptions {
  /** May refuse a mutation for good, by a StoreError. */
  readonly check?: (mutation: Mutation) => void
  /** Nothing more is committed once it has fired. */
  readonly signal?: AbortSignal
}

/** That the client's record is where it was. */
interface Turn {
  readonly kind: string
  readonly key: string
  readonly version: number | "absent"
}

interface RefusedRecord extends ClientRecord {
  readonly error: ErrorRecord
}

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
  const answers: Answer[] = []
  if (message.epoch !== store.epoch) return answers // The replica will hear of the new epoch on its feed.
  const answering = new Answering(store, authorization, message.client, options)
  for (const mutation of message.mutations) {
    if (options.signal?.aborted) break
    const answer = await answering.answer(mutation)
    answers.push(answer)
    if (answer.type === "expected" || answer.type === "retry") break
  }
  return answers
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

  async answer(mutation: Mutation): Promise<Answer> {
    for (;;) {
      const known = await readClient(this.#store, this.#client)
      checkOwner(known?.value, this.#authorization)
      const last = known?.version ?? 0
      if (known !== undefined && mutation.mutation <= last) {
        // What a power cut could still take back is not answered yet.
        if (known.seq > this.#store.position) return { type: "retry", afterMs: RETRY_AFTER }
        return this.#repeated.answer(mutation, known)
      }
      if (mutation.mutation > last + 1) return { type: "expected", mutation: last + 1 }
      const answer = await this.#process(mutation, last)
      if (answer !== undefined) return answer
    }
  }

  /** Commits a mutation with its mark, or the mark of its refusal. `undefined`: a copy was faster. */
  async #process(mutation: Mutation, last: number): Promise<Answer | undefined> {
    const store = this.#store
    const { mutation: number, ops, expect = [], idempotencyKey } = mutation
    const turn: Turn = {
      kind: CLIENTS,
      key: this.#client,
      version: last === 0 ? "absent" : last,
    }
    const record = { principal: this.#authorization.principal, mutation: number }
    const mark = markOf(this.#client, record)
    try {
      this.#check(mutation)
      const written = await writtenOps(store, ops)
      this.#options.signal?.throwIfAborted()
      const batch = { ...this.#batchOf(mutation), expect: [turn, ...expect] }
      const { seq, results } = await store.commit({ ...batch, ops: [...written, mark] })
      // A batch whose key was known has not applied, and so has not marked its number.
      if (idempotencyKey !== undefined && (await this.#lastNumber()) !== number) {
        await store.commit({ ops: [mark], expect: [turn] })
        const first = await firstResults(store, seq, results)
        return { type: "ack", mutation: number, seq, results: sentResults(store, written, first) }
      }
      const own = sentResults(store, written, results.slice(0, ops.length))
      return { type: "ack", mutation: number, seq, results: own }
    } catch (error) {
      if (isLostTurn(error)) return undefined
      if (!StoreError.is(error, ...FINAL)) return { type: "retry", afterMs: RETRY_AFTER }
      return this.#refuse({ ...record, error: recordOf(error) }, turn)
    }
  }

  async #refuse(record: RefusedRecord, turn: Turn): Promise<Answer | undefined> {
    try {
      this.#options.signal?.throwIfAborted()
      const mark = markOf(this.#client, record)
      const { seq } = await this.#store.commit({ ops: [mark], expect: [turn] })
      return { type: "reject", mutation: record.mutation, seq, error: record.error }
    } catch (error) {
      return isLostTurn(error) ? undefined : { type: "retry", afterMs: RETRY_AFTER }
    }
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

  async #lastNumber(): Promise<number | undefined> {
    return (await readClient(this.#store, this.#client))?.version
  }
}

/** Of the results that a known key answers with, those of the ops that came before the mark, if it had one. */
async function firstResults(
  store: Store,
  seq: number,
  results: readonly OpResult[],
): Promise<readonly OpResult[]> {
  const last = results.at(-1)
  if (last === undefined || !("outcome" in last) || last.seq !== seq) return results
  // Where the log no longer reaches back, one result too many does no harm.
  const [change] = await storedFacts(store)
    .changes(seq - 1, 1)
    .catch((): readonly Change[] => [])
  return change?.kind === CLIENTS ? results.slice(0, -1) : results
}

/** An error as the log can keep it: without details that JSON does not carry, or that are too long. */
function recordOf(error: StoreError): ErrorRecord {
  const { code, message, hint, details } = error.toJSON()
  const short = {
    code,
    message: message.slice(0, MOST_TEXT),
    ...(hint === undefined ? {} : { hint: hint.slice(0, MOST_TEXT) }),
  }
  try {
    const told = JSON.stringify(details ?? {})
    if (told.length > MOST_TEXT) return short
    return { ...short, details: JSON.parse(told) as Record<string, unknown> }
  } catch {
    return short // It has what JSON cannot carry at all.
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
