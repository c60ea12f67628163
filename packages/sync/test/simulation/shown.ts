import type { Change, Store } from "@tidemark/core"
import type { Fold } from "./fold.ts"
import type { Follower } from "./follower.ts"
import { COUNTERS, isOfUpdate, KEYS, NAMES, PAGES } from "./kinds.ts"
import type { Intent, People, Reading } from "./people.ts"

/** What must hold of what a replica's store shows: its base, with its own writes over it. */
export class ShownInvariants {
  readonly #people: People
  readonly #fail: (what: string) => void

  constructor(people: People, fail: (what: string) => void) {
    this.#people = people
    this.#fail = fail
  }

  /** Counters only grow: what is shown of them is never less than what the log has, whatever of it is refused. */
  checkCounters({ name, held }: Follower, store: Store, fold: Fold): void {
    if (!held.some(({ kind }) => kind === COUNTERS)) return
    for (const key of KEYS) {
      const count = (store.peek(COUNTERS, key) as number | undefined) ?? 0
      const base = (fold.row(COUNTERS, key)?.value as number | undefined) ?? 0
      if (count < base) this.#fail(`${name} shows ${count} of ${key}, where the log has ${base}`)
    }
  }

  /**
   * Of a list that merges all that the base has is shown, and behind it what was added here. What an
   * update has added may be shown over what it was made of, until its refusal has come.
   */
  checkNames(replica: Follower, store: Store, fold: Fold): void {
    if (!replica.held.some(({ kind }) => kind === NAMES)) return
    for (const key of KEYS) {
      const names = (store.peek(NAMES, key) ?? []) as readonly string[]
      const row = fold.row(NAMES, key)
      // Over nothing a writer sets all that was seen, also what a restore has taken back.
      if (row === undefined || row.deleted) continue
      const base = row.value as readonly string[]
      const added = names.filter((name) => !base.includes(name))
      const isWhole = added.some(isOfUpdate) || base.every((name, index) => name === names[index])
      if (!isWhole || !added.every((name) => this.#isOf(replica.name, name)))
        this.#fail(`${replica.name} shows ${names} of ${key}, where the log has ${base}`)
    }
  }

  /** A page has the form of the application that reads it, whichever has written it. */
  checkPages({ name, running, held }: Follower, store: Store, fold: Fold): void {
    if (!held.some(({ kind }) => kind === PAGES)) return
    const form = running === 1 ? /^{"text":"w\d+"}$/ : /^{"lines":\["w\d+"]}$/
    for (const key of KEYS) {
      const row = fold.row(PAGES, key)
      const page = read(store, key)
      const isThere = page !== undefined || (row !== undefined && !row.deleted)
      if (isThere && !form.test(`${page}`)) this.#fail(`${name} reads ${page} at ${key}`)
    }
  }

  /** Of lists that are not held what some state has had is shown and read, and behind it what was added here. */
  checkFound(replicas: readonly Follower[], logs: readonly (readonly Change[])[]): void {
    const shown = replicas.flatMap(({ name, screens }) =>
      (screens?.names ?? []).map(([key, names]): Reading => ({ place: name, key, names })),
    )
    for (const one of [...shown, ...this.#people.readings.splice(0)]) {
      if (!logs.some((log) => this.#wasThere(one, log, logs.length > 1)))
        this.#fail(`${one.place} finds ${one.names} at ${one.key}, which never was`)
    }
  }

  /** Whether a log has had a list. After a restore, what was seen before may come again over nothing. */
  #wasThere({ place, key, names }: Reading, log: readonly Change[], isRestored: boolean): boolean {
    const newest = log.findLast((one) => one.kind === NAMES && one.key === key)
    const list = (newest?.value ?? []) as readonly string[]
    const end = names.findIndex((name, index) => name !== list[index])
    return end === -1 || names.slice(end).every((name) => isRestored || this.#isOf(place, name))
  }

  /** Whether a write was made at a replica, in this run or an earlier one. */
  #isOf(place: string | undefined, name: string): boolean {
    const intent: Intent | undefined = this.#people.intents[Number(name.slice(1)) - 1]
    return intent?.place === place
  }
}

/** What is read of a page, as text; or why it cannot be. */
function read(store: Store, key: string): string | undefined {
  try {
    return JSON.stringify(store.peek(PAGES, key))
  } catch (error) {
    return String(error)
  }
}
