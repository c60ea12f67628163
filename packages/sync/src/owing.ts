import type { Clock, StoreError } from "@tidemark/core"
import type { Engine, Outcome, StampedBatch } from "@tidemark/core/engine"
import type { Base } from "./base.ts"
import type { Mutate, Mutation } from "./message.ts"
import { newClient, Outbox, type OutboxItem } from "./outbox.ts"
import type { Owed, Pending } from "./pending.ts"
import { Tidying } from "./tidying.ts"

export interface OwingParts {
  readonly outbox: Engine
  /** Whether the outbox is there for a next run. */
  readonly isKept: boolean
  readonly pending: Pending
  /** What lets writes go. */
  readonly base: Base
  readonly clock: Clock
  readonly random: () => number
  readonly report: (error: unknown) => void
}

/** Writes that were stored: as they are sent, and what becomes of them. */
export interface Stored {
  readonly mutations: readonly Mutation[]
  readonly outcomes: Promise<readonly Outcome[]>
}

/** What a replica owes, under the name of its client: each write in the outbox from before it is sent until it is done. */
export class Owing {
  readonly #pending: Pending
  readonly #base: Base
  readonly #outbox: Outbox
  readonly #tidying: Tidying
  readonly #isKept: boolean
  readonly #report: (error: unknown) => void
  #client = newClient()
  /** When the client began to write, as the outbox has it. */
  #since: number | undefined
  /** Goes on when that is noted. */
  #begun: (() => void) | undefined
  /** Until the outbox is that of the client. */
  #named: Promise<void> = Promise.resolve()
  /** Writes that the outbox is just storing. */
  readonly #putting = new Set<Promise<void>>()
  /** What the outbox can let go of. */
  readonly #released = new Set<number>()
  #isReleasing = false

  constructor(parts: OwingParts) {
    const { outbox, pending, base, clock, random, report } = parts
    this.#pending = pending
    this.#base = base
    this.#isKept = parts.isKept
    this.#report = report
    this.#outbox = new Outbox(outbox, clock)
    this.#tidying = new Tidying({ clock, random, report })
  }

  get client(): string {
    return this.#client
  }

  /** Opens the outbox. Gives what takes up the writes that an earlier run has left. */
  async open(): Promise<() => readonly StampedBatch[]> {
    const kept = await this.#outbox.open()
    if (kept === undefined) {
      await this.#outbox.become({ client: this.#client }, [])
      return () => []
    }
    this.#client = kept.client
    this.#since = kept.since
    return () => this.#pending.restore(kept.items, kept.last)
  }

  /** Numbers writes and stores them: else a crash could send a number twice with different ones. */
  async store(batches: readonly StampedBatch[]): Promise<Stored> {
    const client = this.#client
    const named = this.#named
    const added = batches.map((batch) => this.#pending.add(batch))
    const put = async () => {
      await named
      await this.#outbox.put(
        client,
        added.map(({ item }) => item()),
      )
    }
    const putting = put()
    this.#putting.add(putting)
    try {
      await putting
    } catch (error) {
      for (const { lost } of added) lost()
      throw error
    } finally {
      this.#putting.delete(putting)
    }
    const mutations = added.map(({ stored }) => stored())
    return { mutations, outcomes: Promise.all(added.map(({ outcome }) => outcome)) }
  }

  /** Notes when this client begins to write, before it does: the authority does not know it for ever. */
  begin(at: number, begun: () => void): void {
    if (this.#since !== undefined) return
    const isBeginning = this.#begun !== undefined
    this.#begun = begun // On a newer link it is that one on which to go on.
    if (isBeginning) return
    const client = this.#client
    const work = async () => {
      await this.#outbox.begin({ client, since: at })
      if (client !== this.#client) return
      this.#since = at
      this.#begun?.()
    }
    this.#tidying.insist(work).catch(this.#report)
  }

  /** Writes as they are sent; `undefined` while there is no sequence for them, or it is not noted since when. */
  mutate(mutations: readonly Mutation[], epoch: string | null): Mutate | undefined {
    const since = this.#since
    if (epoch === null || since === undefined) return undefined
    const { answered } = this.#pending
    const { client } = this
    return { type: "mutate", client, epoch, answered, since, kept: this.#isKept, mutations }
  }

  /** Lets the outbox forget what was answered, and is in a base that is kept. */
  release(mutations: readonly number[]): void {
    for (const mutation of mutations) this.#released.add(mutation)
    if (this.#isReleasing || mutations.length === 0) return
    this.#isReleasing = true
    this.#tidying.add(async () => {
      this.#isReleasing = false
      const client = this.#client
      const done = [...this.#released]
      // What the disk does not have in the base, it has in the outbox: until another time, as after a failure.
      if (!(await this.#base.isKept())) return
      await Promise.allSettled(this.#putting) // What they store may have become stale.
      if (client !== this.#client) return
      await this.#outbox.drop(client, done, this.#pending.stale())
      if (client !== this.#client) return
      for (const mutation of done) this.#released.delete(mutation)
      this.#pending.forget(done)
    })
  }

  /** Goes on as another client: the old one's numbers belong to a sequence, or an outbox, that is gone. */
  rename(): Promise<void> {
    this.#client = newClient()
    this.#since = undefined
    this.#begun = undefined
    this.#released.clear() // The outbox becomes another one, without them.
    return this.#become({ items: this.#pending.renumber() })
  }

  /** Resolves when the outbox has what is owed again; when it is tidy, if nothing is. */
  again(owed: Owed | undefined): Promise<void> {
    return owed === undefined ? this.#tidying.insist(async () => {}) : this.#become(owed)
  }

  /** Ends every wait for an outcome; what is stored stays there. */
  async close(error: StoreError, begun: Promise<unknown> | undefined): Promise<void> {
    this.#pending.abandon(error)
    const tidied = this.#tidying.end()
    await begun?.catch(() => {})
    await tidied
    await this.#outbox.close()
  }

  #become({ items, last }: { readonly items: readonly OutboxItem[]; readonly last?: number }) {
    const client = this.#client
    this.#named = this.#tidying.insist(() => {
      const since = this.#since
      return this.#outbox.become(since === undefined ? { client } : { client, since }, items, last)
    })
    return this.#named
  }
}
