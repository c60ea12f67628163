import type { Store } from "@tidemark/core"
import { isPromise, openStoreOn } from "@tidemark/core/engine"
import type { ServerEnd } from "@tidemark/sync"
import { serve } from "../../src/serve.ts"
import { Process, type VirtualClock } from "./clock.ts"
import type { SimulatedDisk } from "./disk.ts"
import { COUNTERS } from "./people.ts"

/** The kinds that a replica may follow and write. */
export const OPEN_KINDS = ["notes", "drafts", "brief", COUNTERS]

/** How often each side shows that it is alive, in milliseconds. */
const HEARTBEAT = 2_000

/** The authority on its disk: it runs, or it is down. */
export class SimulatedAuthority {
  readonly disk: SimulatedDisk
  process: Process
  store: Store | undefined
  readonly #clock: VirtualClock
  readonly #report: (error: unknown) => void

  constructor(clock: VirtualClock, disk: SimulatedDisk, report: (error: unknown) => void) {
    this.#clock = clock
    this.disk = disk
    this.#report = report
    this.process = new Process(clock)
    this.start()
  }

  start(): void {
    this.process = new Process(this.#clock)
    const options = { clock: this.process, onError: this.#report }
    const store = openStoreOn(this.disk.open(this.process), options)
    if (isPromise(store)) throw new TypeError("A simulated disk opens at once")
    this.store = store
  }

  /** Ends it where it stands. */
  crash(): void {
    this.process.kill()
    this.store = undefined
    this.disk.crash()
  }

  /** Takes up a link. */
  accept(end: ServerEnd, principal: string): Process | undefined {
    if (this.store === undefined) return undefined
    const { process } = this
    serve(this.store, end, {
      authorization: { principal, kinds: OPEN_KINDS },
      clock: process,
      heartbeat: HEARTBEAT,
      onError: this.#report,
    })
    return process
  }
}
