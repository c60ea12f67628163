import { type Entry, type Store, StoreError } from "@tidemark/core"
import { isPresent, type Row, storedFacts } from "@tidemark/core/engine"
import { lastMutationAt } from "./clients.ts"
import type { Filter } from "./filter.ts"
import type { FeedMessage } from "./message.ts"
import { type Sent, sent } from "./sent.ts"

/** So many rows make a part of a state, and are read at once. */
const PART = 5_000

/** What a follower begins with. */
interface State {
  readonly to: number
  /** How many entries there are, or about so many. */
  readonly total: number
  readonly pages: AsyncIterable<readonly Entry[]> | Iterable<readonly Entry[]>
}

/**
 * The state that a follower begins with, in parts; gives its position. What is on a disk is read
 * page by page as it was at one position: it then takes the memory of a page, the first part is on
 * its way at once, and others get their turn in between. Where the past is forgotten sooner than it
 * is read, and where all is in memory anyway, it is read in one step.
 */
export async function* firstState(
  store: Store,
  client: string,
  filter: Filter,
): AsyncGenerator<FeedMessage, number, undefined> {
  const { engine, storage } = store.status.get()
  if (storage !== "memory" && engine !== "replica") {
    try {
      return yield* partsOf(store, client, filter, await pagedState(store, filter))
    } catch (error) {
      if (!StoreError.is(error, "position_too_old")) throw error
    }
  }
  return yield* partsOf(store, client, filter, await wholeState(store, filter))
}

async function* partsOf(
  store: Store,
  client: string,
  { view }: Filter,
  { to, total, pages }: State,
): AsyncGenerator<FeedMessage, number, undefined> {
  const { epoch } = store
  yield { type: "reset", epoch }
  const lastMutation = await lastMutationAt(store, client, to)
  let [part, told] = [0, 0]
  const partOf = (rows: readonly Sent<Row>[], last: boolean): FeedMessage => {
    told += rows.length
    const all = last ? told : Math.max(told, total)
    return { type: "snapshot", epoch, view, to, part: part++, last, total: all, rows, lastMutation }
  }
  const rows: Sent<Row>[] = []
  for await (const page of pages) {
    for (const entry of page) rows.push(sent<Row>(entry))
    // One is held back: the last part must say that it is the last.
    while (rows.length > PART) yield partOf(rows.splice(0, PART), false)
  }
  yield partOf(rows, true)
  return to
}

async function wholeState(store: Store, filter: Filter): Promise<State> {
  // Not those that there are: until the state is read, there may be another one.
  const { seq: to, entries: all } = await storedFacts(store).snapshot(filter.named)
  const entries = all.filter((entry) => filter.holds(entry.kind) && filter.has(entry))
  return { to, total: entries.length, pages: [entries] }
}

/** A state whose pages reject with `position_too_old` when its position is out of reach. */
async function pagedState(store: Store, filter: Filter): Promise<State> {
  const { kindsAt, reads, now } = storedFacts(store)
  const { position: to, epoch } = store
  const moment = now()
  const kinds = (filter.named ?? (await kindsAt(to))).filter((kind) => filter.holds(kind))
  let total = 0
  for (const kind of kinds) total += await reads.count(kind, { now: moment })
  const read = async function* () {
    for (const kind of kinds) {
      let after: string | undefined
      do {
        const from = after === undefined ? {} : { after }
        const rows = await reads.scan(kind, { limit: PART, at: to, ...from })
        if (store.epoch !== epoch) throw anotherSequence(to)
        yield rows.filter((row) => isPresent(row, moment) && filter.has(row))
        after = rows.length < PART ? undefined : rows.at(-1)?.key
      } while (after !== undefined)
    }
  }
  return { to, total, pages: read() }
}

function anotherSequence(position: number): StoreError {
  const what = `Another sequence has come in the place of that with position ${position}`
  return new StoreError("position_too_old", what, { hint: "Read its state" })
}
