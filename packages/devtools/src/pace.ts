/** The time that a pace goes by; a test gives its own. */
export interface Timer {
  /** Milliseconds, from any start. */
  now(): number
  /** Calls once after so many milliseconds; the return value cancels it. */
  after(ms: number, call: () => void): () => void
}

const systemTimer: Timer = {
  now: () => performance.now(),
  after(ms, call) {
    const id = setTimeout(call, ms)
    return () => clearTimeout(id)
  },
}

/** After a refresh the panel rests nine times as long as it took, so it takes a tenth of the time at most. */
const REST = 9
const SHORTEST_REST = 60
const LONGEST_REST = 5_000

/** Does some work again whenever it is asked to, but never so often that the application feels it. */
export class Pace {
  readonly #work: () => Promise<void>
  readonly #timer: Timer
  #asked = false
  #busy = false
  #stopped = false
  #cancelRest: () => void = () => {}

  /** `work` must not reject. */
  constructor(work: () => Promise<void>, timer: Timer = systemTimer) {
    this.#work = work
    this.#timer = timer
  }

  /** Do the work: at once after a rest, else when the rest is over; asked twice, done once. */
  ask(): void {
    this.#asked = true
    if (!this.#busy) void this.#run()
  }

  /** No more work. */
  stop(): void {
    this.#stopped = true
    this.#cancelRest()
  }

  async #run(): Promise<void> {
    if (this.#stopped) return
    this.#busy = true
    this.#asked = false
    const began = this.#timer.now()
    await this.#work()
    if (this.#stopped) return
    const rest = (this.#timer.now() - began) * REST
    this.#cancelRest = this.#timer.after(
      Math.min(Math.max(rest, SHORTEST_REST), LONGEST_REST),
      () => {
        this.#busy = false
        if (this.#asked) void this.#run()
      },
    )
  }
}
