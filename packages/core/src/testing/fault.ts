import type { StampedBatch } from "../batch.ts"
import { StoreError } from "../errors.ts"

/**
 * What goes wrong: a full disk, a file that another process holds, a disk that reports an error, a
 * file that may not be written; or an error of the test's own.
 */
export type Fault = "full" | "busy" | "io" | "read_only" | StoreError

/** Where a fault strikes, and how often. */
export interface FaultOptions {
  /** So many writes fail. Default 1; `Infinity` until `mend()`. */
  readonly times?: number
  /** Only those that touch this kind. */
  readonly kind?: string
  /** Whether writes or reads fail. Default `"write"`. */
  readonly on?: "write" | "read"
}

/** The faults of a test store that are still to come. */
export class Faults {
  #waiting: { readonly error: StoreError; readonly options: FaultOptions; left: number }[] = []

  add(fault: Fault, options: FaultOptions = {}): void {
    this.#waiting.push({ error: errorOf(fault), options, left: options.times ?? 1 })
  }

  clear(): void {
    this.#waiting = []
  }

  /** Why a batch fails, if it does. What the store itself deletes because it has ended does not. */
  ofBatch({ ops }: StampedBatch): StoreError | undefined {
    if (ops.every(({ type }) => type === "expire")) return undefined
    const kinds = new Set(ops.map(({ kind }) => kind))
    return this.#take("write", (kind) => kinds.has(kind))
  }

  /** Why a read fails, if it does; `kind` is the one that is read, where it is one. */
  ofRead(kind: string | undefined): StoreError | undefined {
    return this.#take("read", (wanted) => wanted === kind)
  }

  #take(on: "write" | "read", touches: (kind: string) => boolean): StoreError | undefined {
    const found = this.#waiting.find(
      ({ options }) =>
        (options.on ?? "write") === on && (options.kind === undefined || touches(options.kind)),
    )
    if (found === undefined) return undefined
    if (--found.left <= 0) this.#waiting = this.#waiting.filter((fault) => fault !== found)
    return found.error
  }
}

function errorOf(fault: Fault): StoreError {
  if (fault instanceof StoreError) return fault
  const [code, message, hint] = KNOWN[fault]
  return new StoreError(code, message, { details: { fault }, hint })
}

const KNOWN = {
  full: ["storage_unavailable", "The disk is full", "Make room, and try again"],
  busy: ["busy", "Another process holds the file", "Try again"],
  io: ["storage_unavailable", "The disk reported an I/O error", "Check the disk"],
  read_only: ["read_only", "The file may not be written", "Check its permissions"],
} as const
