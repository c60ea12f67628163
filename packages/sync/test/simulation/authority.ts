import type { Store } from "@tidemark/core"
import { isPromise, openStoreOn } from "@tidemark/core/engine"
import type { ServerEnd } from "@tidemark/sync"
import { serve } from "../../src/serve.ts"
import { Process, type VirtualClock } from "./clock.ts"
import type { SimulatedDisk } from "./disk.ts"
import { type Application, OPEN_KINDS, type Version } from "./kinds.ts"

/** How often each side shows that it is alive, in milliseconds. */
const HEARTBEAT = 2_000

/** The authority on its disk: it runs, or it is down. */
export class SimulatedAuthority {
  readonly disk: SimulatedDisk
  process: Process
  store: Store | undefined
  /** Of the application, from its next start on. */
  version: Version
  readonly #clock: VirtualClock
  readonly #application: Application
  readonly #report: (error: unknown) => void

  constructor(parts: {
    readonly clock: VirtualClock
    readonly disk: SimulatedDisk
    readonly application: Application
    readonly version: Version
    readonly report: (error: unknown) => void
  }) {
    const { clock } = parts
    this.#clock = clock
    this.disk = parts.disk
    this.#application = parts.application
    this.version = parts.version
    this.#report = parts.report
    this.process = new Process(clock)
    this.start()
  }

  start(): void {
    this.process = new Process(this.#clock)
    const kinds = this.#application(this.version)
    const options = { clock: this.process, kinds, onError: this.#report }
    const store = openStoreOn(this.disk.open(this.process), options)
    if (isPromise(store)) throw new TypeError("A simulated disk opens at once")
    this.store = store as unknown as Store
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
