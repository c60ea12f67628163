import { type Change, type Store, StoreError, type Target } from "@tidemark/core"
import { storedFacts } from "@tidemark/core/engine"
import type { Authorization } from "./authorization.ts"
import { CLIENTS, lastMutationAt, lastMutationOf, readClient } from "./clients.ts"
import { Filter } from "./filter.ts"
import { firstState } from "./first-state.ts"
import type { FeedMessage, Hello } from "./message.ts"
import { sent } from "./sent.ts"

/** At most so many changes are read at once, unless one batch has more. */
const PAGE = 1_000

/**
 * All that a follower is told, from its hello until the signal fires or the store closes: a
 * welcome, then a snapshot where its position is of no use, then changes as whole batches, for
 * ever. Pulled, so that a slow follower holds up nobody and costs no memory. After `closing` has
 * fired it ends as soon as everything there is was told.
 */
export async function* feedOf(
  store: Store,
  authorization: Authorization,
  hello: Hello,
  signal: AbortSignal,
  closing?: AbortSignal,
): AsyncGenerator<FeedMessage, void, undefined> {
  try {
    yield* feeding(store, authorization, hello, signal, closing)
  } catch (error) {
    if (!StoreError.is(error, "closed")) throw error // A store that closes ends a feed wherever it is.
  }
}

async function* feeding(
  store: Store,
  authorization: Authorization,
  hello: Hello,
  signal: AbortSignal,
  closing: AbortSignal | undefined,
): AsyncGenerator<FeedMessage, void, undefined> {
  const { client } = hello
  const owner = (await readClient(store, client))?.value.principal
  if (owner !== undefined && owner !== authorization.principal) {
    const error = new StoreError("unauthorized", "This client id belongs to somebody else")
    return yield { type: "denied", error: error.toJSON() }
  }
  const filter = new Filter(store, authorization, hello.follow)
  const schemas = filter.newerThan(hello.schemas)
  if (schemas !== undefined) return yield { type: "incompatible", reason: "schemas", schemas }
  const { epoch, position: head } = store
  const { view } = filter
  const last = await lastMutationAt(store, client, head)
  const at = storedFacts(store).now()
  yield { type: "welcome", epoch, view, head, lastMutation: last, at }
  const known =
    hello.epoch === epoch &&
    hello.view === view &&
    hello.position <= head &&
    (await reaches(store, hello.position))
  let position = hello.position
  if (!known) position = yield* firstState(store, client, filter)
  while (yield* changesFrom(store, client, filter, position, signal, closing)) {
    position = yield* firstState(store, client, filter)
  }
}

/** Tells changes until it is over. Whether that is because another sequence has come in their place. */
async function* changesFrom(
  store: Store,
  client: string,
  filter: Filter,
  start: number,
  signal: AbortSignal,
  closing?: AbortSignal,
): AsyncGenerator<FeedMessage, boolean, undefined> {
  const { epoch } = store
  const { view } = filter
  const wake = new Wake(store, client, filter, signal, closing)
  let lastMutation = await lastMutationAt(store, client, start)
  let read = start
  let from: number | undefined // None told yet: the first message goes out even when it is empty.
  try {
    while (!wake.ended) {
      const { changes, to } = await wholeBatches(store, read)
      if (store.epoch !== epoch) return true
      const own = changes.filter(({ kind, key }) => kind === CLIENTS && key === client)
      if (own.length > 0) lastMutation = lastMutationOf(own.at(-1))
      const visible = changes.flatMap((change) => filter.seen(change) ?? []).map(sent)
      const isNews = visible.length > 0 || own.length > 0 || (filter.tellsAll && to > read)
      if (from === undefined || isNews) {
        from ??= start
        yield { type: "changes", epoch, view, from, to, changes: visible, lastMutation }
        from = to
      }
      read = to
      if (read < store.position) continue
      if (closing?.aborted) return false
      await wake.next()
    }
    return wake.replaced
  } finally {
    wake.end()
  }
}

/** The changes after a position, cut where a batch ends. */
async function wholeBatches(
  store: Store,
  after: number,
): Promise<{ changes: readonly Change[]; to: number }> {
  for (let limit = PAGE; ; limit *= 2) {
    const position = store.position
    const changes = await storedFacts(store).changes(after, limit)
    const last = changes.at(-1)
    if (last === undefined || changes.length < limit)
      return { changes, to: Math.max(last?.seq ?? after, position) }
    const whole = changes.filter((change) => change.batch !== last.batch)
    const end = whole.at(-1)
    if (end !== undefined) return { changes: whole, to: end.seq }
  }
}

async function reaches(store: Store, position: number): Promise<boolean> {
  try {
    await storedFacts(store).changes(position, 1)
    return true
  } catch (error) {
    if (StoreError.is(error, "position_too_old")) return false
    throw error
  }
}

/** Tells when a store may have something new, and when it is over. */
class Wake {
  ended = false
  /** Whether it is over because the store's sequence is another one now. */
  replaced = false
  readonly #stop: () => void
  #news = false
  #resolve: () => void = () => {}

  constructor(
    store: Store,
    client: string,
    filter: Filter,
    signal: AbortSignal,
    closing?: AbortSignal,
  ) {
    const target: Target = { anyOf: ["*", [CLIENTS, client]] }
    const watch = storedFacts(store).watch(target, { signal })
    const subscription = watch.subscribe({
      next: () => this.#wake(),
      complete: () => this.#finish(),
      error: ({ code }) => {
        this.replaced = code === "position_too_old"
        this.#finish()
      },
    })
    const woken = () => this.#wake()
    // Who is told of every position is told of those too at which nothing is for anybody's eyes.
    const forget = filter.tellsAll ? storedFacts(store).onMove(woken) : () => {}
    closing?.addEventListener("abort", woken)
    this.#stop = () => {
      forget()
      closing?.removeEventListener("abort", woken)
      subscription.unsubscribe()
    }
  }

  /** Resolves at the next change, or at once when there was one since the last call. */
  async next(): Promise<void> {
    if (!this.#news && !this.ended) {
      await new Promise<void>((resolve) => {
        this.#resolve = resolve
      })
    }
    this.#news = false
  }

  end(): void {
    this.#stop()
  }

  #wake(): void {
    this.#news = true
    this.#resolve()
  }

  #finish(): void {
    this.ended = true
    this.#resolve()
  }
}
