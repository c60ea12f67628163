import type { Store } from "@tidemark/core"
import { contentOf, originText } from "./origin.ts"
import type { Random } from "./random.ts"

/** A batch whose promise has resolved, with the seq it was told, where it was told one. */
export interface Acknowledgement {
  readonly batch: number
  readonly seq?: number
}

/**
 * What a writer does: steps of every kind of write. Each batch changes something and says in its
 * origin which it is, so that a ledger can tell from the log alone whether one is missing.
 */
export class Workload {
  readonly #writer: string
  readonly #random: Random
  readonly #tell: (acknowledgement: Acknowledgement) => void
  readonly #present = new Set<string>()
  #batch = 0

  constructor(writer: string, random: Random, tell: (acknowledgement: Acknowledgement) => void) {
    this.#writer = writer
    this.#random = random
    this.#tell = tell
  }

  /** One step; resolves when it is acknowledged. */
  async step(store: Store): Promise<void> {
    const step = this.#random.of([
      this.#set,
      this.#set,
      this.#set,
      this.#burst,
      this.#flood,
      this.#group,
      this.#update,
      this.#delete,
      this.#count,
      this.#transfer,
    ])
    await step.call(this, store)
  }

  async #set(store: Store): Promise<void> {
    const batch = this.#batch++
    const [kind, key] = this.#random.chance(0.5) ? ["own", this.#own()] : ["shared", this.#shared()]
    if (kind === "own") this.#present.add(key)
    const value = contentOf(this.#writer, batch, 0)
    const { seq } = await store.set(kind, key, value, { origin: this.#origin(batch, 1) })
    this.#tell({ batch, seq })
  }

  /** Several batches in one tick: they share a transaction. */
  async #burst(store: Store): Promise<void> {
    const count = 2 + this.#random.below(20)
    await Promise.all(Array.from({ length: count }, () => this.#set(store)))
  }

  /** Several ticks, one after the other: a commit comes while the one before waits for the disk. */
  async #flood(store: Store): Promise<void> {
    const written: Promise<void>[] = []
    for (let ticks = 2 + this.#random.below(8); ticks > 0; ticks--) {
      written.push(this.#random.chance(0.5) ? this.#set(store) : this.#group(store))
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(written)
  }

  /** Several entries in one batch: all or none. */
  async #group(store: Store): Promise<void> {
    const batch = this.#batch++
    const keys = new Set(Array.from({ length: 2 + this.#random.below(8) }, () => this.#own()))
    const ops = Array.from(keys, (key, part) => {
      if (this.#present.delete(key)) return { type: "delete", kind: "own", key } as const
      this.#present.add(key)
      const value = contentOf(this.#writer, batch, part)
      return { type: "set", kind: "own", key, value } as const
    })
    const { seq } = await store.commit({ ops, origin: this.#origin(batch, ops.length) })
    this.#tell({ batch, seq })
  }

  async #update(store: Store): Promise<void> {
    const [key] = this.#present
    if (key === undefined) return
    const batch = this.#batch++
    const change = () => contentOf(this.#writer, batch, 0)
    const { seq } = await store.update("own", key, change, { origin: this.#origin(batch, 1) })
    this.#tell({ batch, seq })
  }

  async #delete(store: Store): Promise<void> {
    const [key] = this.#present
    if (key === undefined) return
    const batch = this.#batch++
    this.#present.delete(key)
    await store.delete("own", key, { origin: this.#origin(batch, 1) })
    this.#tell({ batch })
  }

  /** A counter of all writers: no count may be lost between them. */
  async #count(store: Store): Promise<void> {
    const batch = this.#batch++
    await store.transaction(
      async (tx) => {
        const count = ((await tx.get("count", "all")) as number | undefined) ?? 0
        await tx.set("count", "all", count + 1)
      },
      { origin: this.#origin(batch, 1) },
    )
    this.#tell({ batch })
  }

  /** From one account to another: their sum stays 0. */
  async #transfer(store: Store): Promise<void> {
    const batch = this.#batch++
    const from = this.#random.below(5)
    const to = (from + 1 + this.#random.below(4)) % 5
    const amount = 1 + this.#random.below(100)
    await store.transaction(
      async (tx) => {
        const balance = async (account: number) =>
          ((await tx.get("accounts", `${account}`)) as number | undefined) ?? 0
        await tx.set("accounts", `${from}`, (await balance(from)) - amount)
        await tx.set("accounts", `${to}`, (await balance(to)) + amount)
      },
      { origin: this.#origin(batch, 2) },
    )
    this.#tell({ batch })
  }

  #own(): string {
    return `${this.#writer}-${this.#random.below(30)}`
  }

  #shared(): string {
    return `s${this.#random.below(30)}`
  }

  #origin(batch: number, size: number): string {
    return originText({ writer: this.#writer, batch, size })
  }
}
