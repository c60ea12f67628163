import { type Clock, StoreError } from "@tidemark/core"
import type { Found, NumberedRead, Read, ReadAnswer } from "./read.ts"

/** At most so many questions are on their way at once; others wait their turn. */
const MOST_UNDER_WAY = 64

/** A question without an answer is sent again so often within its deadline: an answer can be lost. */
const TIMES = 3

export interface QuestionsOptions {
  readonly clock: Clock
  /** How long a question may wait for its answer, in milliseconds. */
  readonly deadline: number
  /** Sends questions, if there is somebody to hear them now. Whether there was. */
  readonly send: (asks: readonly NumberedRead[]) => boolean
  /** A question was not answered in time. */
  readonly late: () => void
  /** Where the base stands; `undefined` before it has come. */
  readonly base: () => { readonly epoch: string | null; readonly position: number } | undefined
}

/** A question until it is settled. */
interface Question {
  readonly id: number
  readonly name: string
  readonly read: Read
  readonly found: Promise<Found>
  readonly resolve: (found: Found) => void
  readonly reject: (error: unknown) => void
  /** What was answered, and waits for the base to come as far. */
  answer: { readonly seq: number; readonly found: Found } | undefined
  /** Ends its waits. */
  readonly cancels: (() => void)[]
}

/**
 * What a replica asks of its authority and has no answer to yet. A question is asked until it is
 * answered: on each new link, and again where no answer comes. An answer counts when the base has
 * come as far as what was read, so that pending writes are laid over what does not have them yet.
 */
export class Questions {
  readonly #options: QuestionsOptions
  readonly #open = new Map<number, Question>()
  /** Those that are to be sent. */
  readonly #waiting = new Set<Question>()
  /** Those that were sent, and are not answered. */
  readonly #underWay = new Set<Question>()
  /** Questions of the time since the base moved last: who asks the same is answered with them. */
  readonly #shared = new Map<string, Question>()
  #lastId = 0
  #isDue = false
  #refusal: unknown

  constructor(options: QuestionsOptions) {
    this.#options = options
  }

  /** What the authority has found. @throws StoreError `storage_unavailable` when it cannot be reached in time. */
  ask(read: Read): Promise<Found> {
    if (this.#refusal !== undefined) return Promise.reject(this.#refusal)
    const name = JSON.stringify(read)
    const known = this.#shared.get(name)
    if (known !== undefined) return known.found
    const question = this.#begin(name, read)
    this.#shared.set(name, question)
    this.#again(question)
    return question.found
  }

  /** Takes an answer; one to a question that is settled, or was answered, does nothing. */
  answer(answer: ReadAnswer): void {
    const question = this.#open.get(answer.id)
    if (question === undefined || question.answer !== undefined) return
    this.#waiting.delete(question)
    this.#underWay.delete(question)
    const base = this.#options.base()
    if ("error" in answer) question.reject(this.#settled(question, StoreError.from(answer.error)))
    else if ("afterMs" in answer) this.#later(question, answer.afterMs)
    else if (base !== undefined && answer.epoch === base.epoch) {
      question.answer = answer
      this.#deliver(question, base.position)
    }
    // Of another sequence it is asked again when the state of that is here, or when the answer was late.
    this.#flushSoon()
  }

  /** The base has moved: who asks from now on wants to know what is there by then. */
  moved(): void {
    this.#shared.clear()
    const base = this.#options.base()
    if (base === undefined) return
    for (const question of this.#open.values()) this.#deliver(question, base.position)
  }

  /** Another state has taken the place of the base: what was answered is of the one before. */
  restart(): void {
    this.#shared.clear()
    for (const question of this.#open.values()) this.#again(question)
  }

  /** The link is gone, and with it what was asked on it; another one is tried. */
  unlinked(): void {
    this.#refusal = undefined
    for (const question of this.#open.values()) {
      const isAhead = question.answer !== undefined // A power cut may have taken back what it tells.
      if (!isAhead && !this.#underWay.has(question)) continue
      question.answer = undefined
      this.#waiting.add(question)
    }
    this.#underWay.clear()
  }

  /** There is somebody to hear questions. */
  linked(): void {
    this.#flushSoon()
  }

  /** Nobody will answer, for a reason, until another link is tried. */
  refuse(error: unknown): void {
    this.#refusal = error
    for (const question of [...this.#open.values()]) question.reject(this.#settled(question, error))
  }

  #begin(name: string, read: Read): Question {
    const { clock, deadline } = this.#options
    const { promise: found, resolve, reject } = Promise.withResolvers<Found>()
    found.catch(() => {}) // Who asked hears of it.
    const id = ++this.#lastId
    const question: Question = {
      id,
      name,
      read,
      found,
      resolve,
      reject,
      answer: undefined,
      cancels: [],
    }
    const late = () => {
      reject(this.#settled(question, unreachable(read)))
      this.#options.late()
    }
    question.cancels.push(clock.after(deadline, late))
    this.#open.set(id, question)
    return question
  }

  /** Asks it, whatever was answered. */
  #again(question: Question): void {
    if (!this.#open.has(question.id)) return
    question.answer = undefined
    this.#underWay.delete(question)
    this.#waiting.add(question)
    this.#flushSoon()
  }

  #later(question: Question, ms: number): void {
    question.cancels.push(this.#options.clock.after(ms, () => this.#again(question)))
  }

  #deliver(question: Question, position: number): void {
    const { answer } = question
    if (answer === undefined || answer.seq > position) return
    question.resolve(this.#settled(question, answer.found))
  }

  /** Lets go of a question; gives what it is settled with. */
  #settled<T>(question: Question, outcome: T): T {
    this.#open.delete(question.id)
    this.#waiting.delete(question)
    this.#underWay.delete(question)
    if (this.#shared.get(question.name) === question) this.#shared.delete(question.name)
    for (const cancel of question.cancels) cancel()
    this.#flushSoon()
    return outcome
  }

  /** Sends what is to be sent, all that one turn has asked together. */
  #flushSoon(): void {
    if (this.#isDue || this.#waiting.size === 0) return
    this.#isDue = true
    queueMicrotask(() => {
      this.#isDue = false
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#options.base() === undefined) return
    const room = MOST_UNDER_WAY - this.#underWay.size
    const now = [...this.#waiting].slice(0, Math.max(0, room))
    if (now.length === 0 || !this.#options.send(now.map(({ id, read }) => ({ id, read })))) return
    const { clock, deadline } = this.#options
    for (const question of now) {
      this.#waiting.delete(question)
      this.#underWay.add(question)
      const lost = () => question.answer === undefined && this.#again(question)
      question.cancels.push(clock.after(deadline / TIMES, lost))
    }
  }
}

function unreachable(read: Read): StoreError {
  const what = "kind" in read ? read.kind : "the changes"
  return new StoreError(
    "storage_unavailable",
    `The authority was not reached in time for ${what}, which this replica does not hold`,
    {
      details: "kind" in read ? { kind: read.kind } : {},
      hint: "Try again when it is connected, or follow the kind without hold: false",
    },
  )
}
