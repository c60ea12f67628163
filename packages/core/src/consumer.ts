import { CatchUp } from "./catch-up.ts"
import type { Change } from "./change.ts"
import type { Clock } from "./clock.ts"
import type { ConsumeOptions, Consumer, ConsumerStatus, Handler } from "./consume.ts"
import { CONSUMERS, type ConsumerRecord, isSuperseded, superseded } from "./consumer-record.ts"
import { newEpoch } from "./epoch.ts"
import { StoreError } from "./errors.ts"
import { Handling, type Job } from "./handling.ts"
import { pause } from "./host.ts"
import { LiveValue } from "./live-value.ts"
import { onNews } from "./news.ts"
import { listParked, type Parked } from "./parked.ts"
import type { Store } from "./store.ts"
import { type Target, targetTest } from "./target.ts"
import type { Failure } from "./trouble.ts"

/** How long an ending consumer waits for a handler, in milliseconds. */
const PATIENCE = 2_000

/** After so many milliseconds without news a consumer looks how far others have moved the store. */
const LOOK = 60_000

/** What a consumer needs of where it runs. */
export interface ConsumerContext {
  readonly store: Store
  readonly clock: Clock
  /** Hears of what stops a consumer, and why a change was parked. */
  report(error: unknown): void
}

/** Who waits for the parked changes to be handled. */
interface Request {
  resolve(result: { readonly handled: number; readonly left: number }): void
  reject(error: unknown): void
}

/** A consumer at work: looks for something to do, does it, rests. */
export class StoreConsumer implements Consumer {
  readonly name: string
  readonly lag: LiveValue<number>
  readonly status: LiveValue<ConsumerStatus>
  readonly ended: Promise<void>
  readonly #context: ConsumerContext
  readonly #job: Job
  readonly #handling: Handling
  readonly #course: CatchUp
  readonly #requests: Request[] = []
  /** The newest change of the target, or, before all were looked at, of the store. */
  #newest: number
  #retryAt = Number.NEGATIVE_INFINITY
  #hasNews = false
  #wake: () => void = () => {}
  #lost: StoreError | undefined
  #isOver = false
  #closing: Promise<void> | undefined

  constructor(
    context: ConsumerContext,
    name: string,
    target: Target,
    handler: Handler,
    options: ConsumeOptions,
  ) {
    const { store, clock, report } = context
    this.name = name
    this.#context = context
    const { reset } = options
    this.#job = { store, name, handler, reset, instance: newEpoch(), now: () => clock.now() }
    this.#handling = new Handling(this.#job)
    this.#course = new CatchUp(this.#job, this.#handling, { target, options, report })
    this.#newest = store.position
    this.lag = new LiveValue(0, report)
    this.status = new LiveValue<ConsumerStatus>({ state: "starting" }, report)
    const test = targetTest(target)
    const stopNews = onNews(
      store,
      { anyOf: [target, [CONSUMERS, name]] },
      {
        news: (change) => this.#hear(change, test),
        ended: () => this.#handling.end(),
      },
    )
    this.ended = this.#run().finally(stopNews)
    this.ended.catch(() => {}) // Who waits hears of it, and `report` has.
  }

  get position(): number {
    const { position = 0, replay } = this.#course.progress ?? {}
    return replay === undefined ? position : 0
  }

  parked(): Promise<readonly Parked[]> {
    return listParked(this.#job.store, this.name)
  }

  replayParked(): ReturnType<Consumer["replayParked"]> {
    return new Promise((resolve, reject) => {
      if (this.#isOver) return reject(this.#closedError())
      this.#requests.push({ resolve, reject })
      this.#rouse()
    })
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    this.#handling.end()
    this.#rouse()
    const giveUp = this.#context.clock.after(PATIENCE, () => this.#handling.abandon())
    await this.ended.catch(() => {})
    giveUp()
  }

  async #run(): Promise<void> {
    try {
      while (!this.#handling.isEnding) await this.#turn()
      if (this.#lost !== undefined && this.#closing === undefined) throw this.#lost
      this.#end("closed")
    } catch (error) {
      // Who is closed does not mind that another one goes on already.
      const isClosed = this.#closing !== undefined
      const isClosing = isClosed || (this.#handling.isEnding && this.#lost === undefined)
      this.#end(isClosing ? "closed" : "stopped")
      if (isClosed || (isClosing && !isSuperseded(error, this.name))) return
      this.#context.report(error)
      throw error
    }
  }

  /** One thing that is to be done, and a rest if there is no other. */
  async #turn(): Promise<void> {
    this.#hasNews = false
    const request = this.#requests.shift()
    if (request !== undefined) return this.#answer(request)
    const wait = this.#retryAt - this.#context.clock.now()
    if (wait > 0) return this.#rest(wait)
    const outcome = await this.#course.step()
    this.#tellLag()
    if (typeof outcome === "object") {
      this.#retryAt = this.#context.clock.now() + outcome.wait
      this.#tell("retrying", outcome.failure)
    } else {
      this.#tell(this.#course.progress?.replay === undefined ? "following" : "replaying")
    }
    if (outcome === "rest") await this.#rest(LOOK)
    // Others get their turn, however much there is to do.
    else await pause()
  }

  async #answer({ resolve, reject }: Request): Promise<void> {
    try {
      let [handled, left] = [0, 0]
      for (const parked of await this.parked()) {
        if (this.#handling.isEnding) throw this.#closedError()
        if (await this.#handling.handleParked(parked)) handled++
        else left++
      }
      resolve({ handled, left })
    } catch (error) {
      reject(error)
      if (isSuperseded(error, this.name)) throw error
    }
  }

  #hear(change: Change | undefined, test: (kind: string, key: string) => boolean): void {
    if (change !== undefined && !test(change.kind, change.key)) return this.#hearOfRecord(change)
    this.#newest = change?.seq ?? this.#job.store.position
    this.#tellLag()
    this.#rouse()
  }

  #hearOfRecord({ version, value, type }: Change): void {
    const { version: own } = this.#course
    const isMine = type !== "delete" && (value as ConsumerRecord).instance === this.#job.instance
    if (own === 0 || version <= own || isMine) return
    this.#lost = superseded(this.name)
    this.#handling.end()
    this.#handling.abandon() // What it does could not be committed any more.
    this.#rouse()
  }

  #rouse(): void {
    this.#hasNews = true
    this.#wake()
  }

  async #rest(ms: number): Promise<void> {
    if (this.#hasNews || this.#handling.isEnding) return
    let cancel = () => {}
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      cancel = this.#context.clock.after(ms, resolve)
    })
    cancel()
  }

  #tell(state: ConsumerStatus["state"], failure?: Failure): void {
    const told = this.status.get()
    if (told.state === state && told.failure === failure) return
    this.status.set(Object.freeze(failure === undefined ? { state } : { state, failure }))
  }

  #tellLag(): void {
    const { progress } = this.#course
    if (progress === undefined) return
    const { store } = this.#job
    const isReplaying = progress.replay !== undefined
    this.lag.set(isReplaying ? store.position : Math.max(0, this.#newest - progress.position))
  }

  #end(state: "closed" | "stopped"): void {
    this.#isOver = true
    for (const request of this.#requests.splice(0)) request.reject(this.#closedError())
    this.#tell(state, state === "stopped" ? this.status.get().failure : undefined)
    this.status.close()
    this.lag.close()
  }

  #closedError(): StoreError {
    return new StoreError("closed", `The consumer ${JSON.stringify(this.name)} has ended`, {
      details: { consumer: this.name },
    })
  }
}
