import { type Store, StoreError } from "@tidemark/core"
import type { Process } from "./clock.ts"
import type { Dice } from "./dice.ts"
import {
  COUNTERS,
  isOfUpdate,
  KEYS,
  LOCKED,
  NAMES,
  PAGES,
  pageOf,
  type Version,
  withName,
} from "./kinds.ts"

/** Something that somebody wanted to write. What the log has of it has its name as `origin`. */
export interface Intent {
  readonly name: string
  /** The program in which it was written. */
  readonly process: Process
  /** The replica where it was; `undefined`: at the authority. */
  readonly place: string | undefined
  state: "open" | "done" | "refused"
}

/** Where somebody writes and reads. */
export interface Place {
  readonly store: Store
  readonly process: Process
  /** Of a replica; `undefined`: it is the authority. */
  readonly name: string | undefined
  /** Of the application that runs there. */
  readonly running: Version
  /** Whether kinds hold plain JSON there: nothing merges, and nothing has versions. */
  readonly isPlain: boolean
  /** Whether all of a kind is at hand: who adds to a list that is not would take the place of it. */
  isHeld(kind: string): boolean
}

/** A list that merges, as somebody has read it. */
export interface Reading {
  readonly place: string | undefined
  readonly key: string
  readonly names: readonly string[]
}

/** Who writes and reads, and what has become of it. */
export class People {
  readonly intents: Intent[] = []
  /** What was read, and not looked at yet. */
  readonly readings: Reading[] = []
  /** Errors with which no write may end. */
  readonly surprises: string[] = []
  readonly #dice: Dice

  constructor(dice: Dice) {
    this.#dice = dice
  }

  /** Lets somebody write something at a store. Gives what it is. */
  write({ store, process, name: place, running, isHeld, isPlain }: Place): string {
    const name = `w${this.intents.length + 1}`
    const intent: Intent = { name, process, place, state: "open" }
    this.intents.push(intent)
    const what = this.#dice.weighed(isPlain ? OFTEN_PLAIN : OFTEN)
    const key = this.#dice.one(KEYS)
    const now = process.now()
    ACTIONS[what]({ store, running, isHeld, key, name, dice: this.#dice, now }).then(
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

  /** Lets somebody read something at a store. Gives what it is. */
  read({ store, name: place }: Place): string {
    const what = this.#dice.one(Object.keys(READS) as (keyof typeof READS)[])
    const key = this.#dice.one(KEYS)
    READS[what](store, key).then(
      (found) => {
        if (what === "get")
          this.readings.push({ place, key, names: (found ?? []) as readonly string[] })
      },
      (error) => {
        if (!StoreError.is(error, ...EXPECTED, "position_too_old"))
          this.surprises.push(`${what}: ${String(error)}`)
      },
    )
    return `${what} ${key}`
  }
}

/** A note by its name: half of them pass a condition. */
const noteOf = (name: string) => ({ name, even: Number(name.slice(1)) % 2 === 0 })

const EXPECTED = [
  "conflict",
  "not_found",
  "unauthorized",
  "schema_too_new",
  "closed",
  "storage_unavailable",
] as const

interface Scene {
  readonly store: Store
  readonly running: Version
  /** Whether all of a kind is at hand: who adds to a list that is not would take the place of it. */
  isHeld(kind: string): boolean
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
  join: async ({ store, key, name: origin, isHeld }) => {
    const isSeen = store.peek(NAMES, key) !== undefined || isHeld(NAMES)
    const isThere = isSeen || (await store.get(NAMES, key)) !== undefined
    // What nobody has seen here is not written over.
    if (!isThere) return store.set(NAMES, key, [origin], { origin, ifVersion: "absent" })
    if (isOfUpdate(origin))
      return store.update(NAMES, key, (names) => withName(names as readonly string[], origin), {
        origin,
      })
    const names = (store.peek(NAMES, key) ?? []) as readonly string[]
    return store.set(NAMES, key, withName(names, origin), { origin })
  },
  page: ({ store, key, name: origin, running }) =>
    store.set(PAGES, key, pageOf(running, origin), { origin }),
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

const READS = {
  get: (store, key) => store.get(NAMES, key),
  list: (store) => store.list("notes", { where: { even: true } }),
  last: (store) => store.list("notes", { reverse: true, limit: 1 }),
  count: (store) => store.count(NAMES),
  countSome: (store) => store.count("notes", { where: { even: false } }),
  history: (store, key) => store.history(NAMES, key),
  changes: (store) => store.changes({ after: Math.max(0, store.position - 5) }),
  snapshot: (store) => store.snapshot(),
} satisfies Record<string, (store: Store, key: string) => Promise<unknown>>

const OFTEN: Readonly<Record<keyof typeof ACTIONS, number>> = {
  set: 6,
  delete: 2,
  count: 2,
  update: 4,
  join: 5,
  page: 3,
  ifVersion: 1,
  ifAbsent: 1,
  many: 2,
  move: 2,
  brief: 2,
  keyed: 2,
  locked: 1,
}

const OFTEN_PLAIN: typeof OFTEN = { ...OFTEN, join: 0, page: 0 }
