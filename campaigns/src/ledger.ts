import { isDeepStrictEqual } from "node:util"
import type { Change, Entry } from "@tidemark/core"
import { contentOf, type Origin, originOf } from "./origin.ts"
import type { Acknowledgement } from "./workload.ts"

/** Something that must never be. */
export class Fault extends Error {
  override readonly name = "Fault"
}

/**
 * What a store's log must say, kept beside it: fed with every change in order, and with what the
 * writers were told.
 *
 * @throws Fault from `take` and `compare` for a hole, a half batch, a wrong version or value.
 */
export class Ledger {
  /** The seq of the last change taken. */
  position = 0
  readonly #entries = new Map<string, Entry>()
  readonly #versions = new Map<string, number>()
  /** The next batch of each writer. */
  readonly #next = new Map<string, number>()
  /** The last seq of each batch taken. */
  readonly #seqs = new Map<string, number>()
  readonly #due = new Map<string, number | undefined>()
  #batch: { readonly origin: string; readonly first: number; left: number } | undefined

  /** A writer was told that a batch is safe. */
  acknowledge(writer: string, { batch, seq }: Acknowledgement): void {
    const name = `${writer} ${batch}`
    this.#due.set(name, seq)
    this.#settle(name)
  }

  /** The acknowledged batches that the log has not shown yet. */
  due(): readonly string[] {
    return [...this.#due.keys()]
  }

  take(change: Change): void {
    const { seq, kind, key, version, type } = change
    const name = `${kind}/${key}`
    claim(seq === this.position + 1, `seq ${seq} comes after ${this.position}`)
    const known = (this.#versions.get(name) ?? 0) + 1
    claim(version === known, `${name} has version ${version} at ${seq}, not ${known}`)
    const before = this.#entries.get(name)
    const usual = before === undefined ? "create" : type === "delete" ? "delete" : "update"
    claim(type === usual, `${name} has at ${seq} a ${type} in place of the ${usual}`)
    this.#checkValue(change, before?.value)
    this.position = seq
    this.#versions.set(name, version)
    if (type === "delete") this.#entries.delete(name)
    else this.#entries.set(name, entryAfter(change))
    this.#follow(change)
  }

  /** The store's entries at this position. */
  compare(entries: readonly Entry[]): void {
    claim(this.#batch === undefined, `the batch ${this.#batch?.origin} is not whole`)
    claim(
      entries.length === this.#entries.size,
      `the store has ${entries.length} entries, its log ${this.#entries.size}`,
    )
    for (const entry of entries) {
      const logged = this.#entries.get(`${entry.kind}/${entry.key}`)
      claim(isDeepStrictEqual(entry, logged), `${text(entry)} is ${text(logged)} in the log`)
    }
    const accounts = entries.filter(({ kind }) => kind === "accounts")
    const sum = accounts.reduce((total, { value }) => total + (value as number), 0)
    claim(sum === 0, `the accounts have a sum of ${sum}`)
  }

  #checkValue({ seq, type, kind, key, value, previous, origin }: Change, before: unknown): void {
    const { writer, batch } = originOf(origin ?? "")
    if (type === "delete") {
      claim(isDeepStrictEqual(value, before), `${kind}/${key} was not what ${seq} deletes`)
    } else if (kind === "count") {
      claim(value === ((before as number) ?? 0) + 1, `the count goes from ${before} to ${value}`)
    } else if (kind !== "accounts") {
      const { part } = value as { part: number }
      const right = isDeepStrictEqual(value, contentOf(writer, batch, part))
      claim(right, `${kind}/${key} has at ${seq} what ${origin} did not write: ${text(value)}`)
    }
    if (type !== "update") return
    claim(isDeepStrictEqual(previous, before), `${kind}/${key} was not what ${seq} replaces`)
  }

  /** Batches are whole, and those of one writer are there in its order, without a hole. */
  #follow({ seq, batch, origin = "" }: Change): void {
    const { writer, batch: number, size }: Origin = originOf(origin)
    if (this.#batch === undefined) {
      const next = this.#next.get(writer) ?? 0
      claim(number === next, `batch ${number} of ${writer} comes where ${next} belongs`)
      this.#batch = { origin, first: seq, left: size }
    }
    const open = this.#batch
    claim(open.origin === origin, `${origin} at ${seq} stands inside of ${open.origin}`)
    claim(batch === open.first, `${origin} at ${seq} is in batch ${batch}, not ${open.first}`)
    if (--open.left > 0) return
    this.#batch = undefined
    this.#next.set(writer, number + 1)
    this.#seqs.set(`${writer} ${number}`, seq)
    this.#settle(`${writer} ${number}`)
  }

  #settle(name: string): void {
    const found = this.#seqs.get(name)
    if (found === undefined || !this.#due.has(name)) return
    const told = this.#due.get(name)
    claim(told === undefined || told === found, `${name} was told ${told} and is at ${found}`)
    this.#due.delete(name)
  }
}

function entryAfter({ kind, key, value, version, seq, at }: Change): Entry {
  return { kind, key, value, version, seq, updatedAt: at }
}

function claim(holds: boolean, otherwise: string): asserts holds {
  if (!holds) throw new Fault(otherwise)
}

function text(value: unknown): string {
  return (JSON.stringify(value) ?? "absent").slice(0, 200)
}
