import { type Store, StoreError } from "@tidemark/core"
import type { Process } from "./clock.ts"
import type { Dice } from "./dice.ts"

/** Something that somebody wanted to write. What the log has of it has its name as `origin`. */
export interface Intent {
  readonly name: string
  /** The program in which it was written. */
  readonly process: Process
  /** Whether that is a replica. */
  readonly isRemote: boolean
  state: "open" | "done" | "refused"
}

/** Who writes, and what has become of it. */
export class People {
  readonly intents: Intent[] = []
  /** Errors with which no write may end. */
  readonly surprises: string[] = []
  readonly #dice: Dice

  constructor(dice: Dice) {
    this.#dice = dice
  }

  /** Lets somebody write something at a store. Gives what it is. */
  write(store: Store, process: Process, isRemote: boolean): string {
    const name = `w${this.intents.length + 1}`
    const intent: Intent = { name, process, isRemote, state: "open" }
    this.intents.push(intent)
    const what = this.#dice.weighed(OFTEN)
    const key = this.#dice.one(KEYS)
    ACTIONS[what]({ store, key, name, dice: this.#dice, now: process.now() }).then(
      () => {
        intent.state = "done"
      },
      (error) => {
        intent.state = "refused"
        if (!StoreError.is(error, ...EXPECTED)) this.surprises.push(`${name}: ${String(error)}`)
      },
    )
    return `${name} ${what} ${key}`
  }
}

/** The kind that the authority lets nobody write from elsewhere. */
const LOCKED = "locked"

/** The kind whose values only grow by one. */
export const COUNTERS = "counters"

export const KEYS = ["a", "b", "c"]

/** A note by its name: half of them pass a condition. */
const noteOf = (name: string) => ({ name, even: Number(name.slice(1)) % 2 === 0 })

const EXPECTED = ["conflict", "not_found", "unauthorized", "closed", "storage_unavailable"] as const

interface Scene {
  readonly store: Store
  readonly key: string
  readonly name: string
  readonly dice: Dice
  readonly now: number
}

const ACTIONS = {
  set: ({ store, key, name: origin }) => store.set("notes", key, noteOf(origin), { origin }),
  delete: ({ store, key, name: origin }) => store.delete("notes", key, { origin }),
  count: ({ store, key, name: origin }) =>
    store.set(COUNTERS, key, 1, { origin, ifVersion: "absent" }),
  update: ({ store, key, name: origin }) =>
    store.update(COUNTERS, key, (count) => (count as number) + 1, { origin }),
  ifVersion: ({ store, key, name: origin, dice }) =>
    store.set("notes", key, origin, { origin, ifVersion: dice.between(1, 3) }),
  ifAbsent: ({ store, key, name: origin }) =>
    store.set("notes", key, origin, { origin, ifVersion: "absent" }),
  many: ({ store, name: origin }) =>
    store.setMany("notes", { a: `${origin} a`, b: `${origin} b` }, { origin }),
  move: ({ store, key, name: origin }) =>
    store.transaction(
      async (tx) => {
        const note = await tx.get("notes", key)
        await tx.delete("notes", key)
        await tx.set("drafts", key, `${origin} ${JSON.stringify(note)}`)
      },
      { origin },
    ),
  brief: ({ store, key, name: origin, dice }) =>
    store.set("brief", key, origin, { origin, ttl: dice.between(10, 2_000) }),
  keyed: ({ store, key, name: origin, dice }) =>
    store.set("notes", key, origin, { origin, idempotencyKey: `k${dice.between(1, 4)}` }),
  locked: ({ store, key, name: origin }) => store.set(LOCKED, key, origin, { origin }),
} satisfies Record<string, (scene: Scene) => Promise<unknown>>

const OFTEN: Readonly<Record<keyof typeof ACTIONS, number>> = {
  set: 6,
  delete: 2,
  count: 2,
  update: 4,
  ifVersion: 1,
  ifAbsent: 1,
  many: 2,
  move: 2,
  brief: 2,
  keyed: 2,
  locked: 1,
}
