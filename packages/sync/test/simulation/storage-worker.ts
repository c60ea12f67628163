import { StoreError } from "@tidemark/core"
import type { Numbered, Reply } from "../../src/asks.ts"
import {
  type KeptOptions,
  type KeptRequest,
  type KeptStorage,
  KeptStore,
} from "../../src/kept-store.ts"
import { Process, type VirtualClock } from "./clock.ts"
import type { Dice } from "./dice.ts"
import type { SimulatedDisk } from "./disk.ts"
import { type SimulatedOrigin, SimulatedPort } from "./origin.ts"

/** How soon storage that another worker holds is tried again, in milliseconds. */
const RETRY = 20

/** The one storage of an origin: one worker has it at a time, and another a moment after its end. */
export class SimulatedStorage {
  readonly disk: SimulatedDisk
  readonly #clock: VirtualClock
  readonly #dice: Dice
  readonly #crashed: () => void
  #holder: Process | undefined

  constructor(clock: VirtualClock, dice: Dice, disk: SimulatedDisk, crashed: () => void) {
    this.#clock = clock
    this.#dice = dice
    this.disk = disk
    this.#crashed = crashed
  }

  /** Opens it for a worker. @throws StoreError `storage_unavailable` when another has it for too long. */
  async open(process: Process, { patience }: KeptOptions): Promise<KeptStorage> {
    const giveUp = process.now() + patience
    while (this.#holder !== undefined) {
      if (process.now() >= giveUp) throw new StoreError("storage_unavailable", "Another has it")
      await new Promise<void>((resolve) => process.after(RETRY, resolve))
    }
    this.#holder = process
    return {
      engine: this.disk.open(process),
      isThere: async () => true,
      bytes: () => new Uint8Array(),
    }
  }

  /** A worker has ended, wherever it stood. */
  ended(process: Process): void {
    if (this.#holder !== process) return
    this.disk.crash()
    this.#crashed()
    this.#clock.after(this.#dice.between(0, 3 * RETRY), () => {
      this.#holder = undefined
    })
  }
}

/** The worker of a tab, as its page has it. */
export class StorageWorker {
  readonly process: Process
  readonly #page: Process
  readonly #clock: VirtualClock
  readonly #storage: SimulatedStorage
  readonly #origin: SimulatedOrigin
  readonly #kept: KeptStore
  readonly #listeners: ((event: { readonly data: unknown }) => void)[] = []

  constructor(parts: {
    readonly page: Process
    readonly clock: VirtualClock
    readonly storage: SimulatedStorage
    readonly origin: SimulatedOrigin
  }) {
    const { page, clock, storage, origin } = parts
    const process = new Process(clock)
    this.process = process
    this.#page = page
    this.#clock = clock
    this.#storage = storage
    this.#origin = origin
    this.#kept = new KeptStore({
      origin: origin.of(process),
      clock: process,
      openStorage: (options) => storage.open(process, options),
      tell: (news) => this.#tell(news),
    })
  }

  postMessage(question: Numbered<KeptRequest>): void {
    const { id } = question
    if ("port" in question && (question.port as unknown) instanceof SimulatedPort)
      (question.port as unknown as SimulatedPort).moveTo(this.process)
    const answer = () =>
      this.#kept.answer(question).then(
        (value) => this.#tell({ id, value }),
        (error) => this.#tell({ id, error: (error as StoreError).toJSON() }),
      )
    this.#clock.after(1, () => this.process.run(() => void answer()))
  }

  addEventListener(type: string, listener: (event: { readonly data: unknown }) => void): void {
    if (type === "message") this.#listeners.push(listener)
  }

  /** Ends it where it stands. */
  terminate(): void {
    if (!this.process.isAlive) return
    this.process.kill()
    this.#origin.ended(this.process)
    this.#storage.ended(this.process)
  }

  #tell(message: Reply | object): void {
    if (!this.process.isAlive) return
    const text = JSON.stringify(message)
    const deliver = () => {
      for (const listener of this.#listeners) listener({ data: JSON.parse(text) })
    }
    this.#clock.after(1, () => this.#page.run(deliver))
  }
}
