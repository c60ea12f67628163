import { type Awaitable, isPromise, run, type Steps, wait } from "./awaitable.ts"
import type { EngineReads } from "./engine.ts"
import type { Row } from "./entry.ts"
import { KeyedMap } from "./keyed-map.ts"

/** How often a row is read again because another sequence took the place of the one it was read in. */
const READS = 20

/** A row that is being read. */
interface Load {
  row: Promise<Row | undefined> | undefined
  /** What the base has told of it meanwhile. */
  told: Row | undefined
}

/**
 * The rows of the base that are being read, each once however many ask. A base that moves while a
 * row is on its way tells what became of it, so that a busy store does not make it be read again.
 */
export class RowLoads {
  readonly #engine: Pick<EngineReads, "row">
  readonly #loaded: (row: Row) => void
  readonly #loads = new KeyedMap<Load>()
  /** How often another sequence has come in place of this one. */
  #generation = 0

  /** `loaded` hears of each row that was found in the sequence there is now. */
  constructor(engine: Pick<EngineReads, "row">, loaded: (row: Row) => void) {
    this.#engine = engine
    this.#loaded = loaded
  }

  /** The row of a key, by the engine's word. */
  load(kind: string, key: string): Awaitable<Row | undefined> {
    const underWay = this.#loads.get(kind, key)?.row
    if (underWay !== undefined) return underWay
    const load: Load = { row: undefined, told: undefined }
    const row = run(this.#loading(kind, key, load))
    if (isPromise(row)) {
      load.row = row
      this.#loads.set(kind, key, load)
      const done = () => {
        if (this.#loads.get(kind, key) === load) this.#loads.delete(kind, key)
      }
      row.then(done, done)
    }
    return row
  }

  /** Whether a row is being read. */
  has(kind: string, key: string): boolean {
    return this.#loads.get(kind, key) !== undefined
  }

  /** Takes over what the base has become while a row of it is read. */
  told(row: Row): void {
    const load = this.#loads.get(row.kind, row.key)
    if (load !== undefined) load.told = row
  }

  /** Another sequence has come: what is on its way is read again. */
  restart(): void {
    this.#generation++
    for (const load of this.#loads.values()) load.told = undefined
    // Who asks from now on need not wait for those: what is there by now may be at hand.
    this.#loads.clear()
  }

  *#loading(kind: string, key: string, load: Load): Steps<Row | undefined> {
    for (let tried = 1; ; tried++) {
      const generation = this.#generation
      const read = yield* wait(this.#engine.row(kind, key))
      const isPresent = generation === this.#generation
      if (!isPresent && tried < READS) continue
      const row = newest(read, load.told)
      if (row !== undefined && isPresent) this.#loaded(row)
      return row
    }
  }
}

function newest(read: Row | undefined, told: Row | undefined): Row | undefined {
  return told === undefined || (read !== undefined && read.seq > told.seq) ? read : told
}
