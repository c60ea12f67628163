import { including, type Model, replicaOf, withReplica } from "./model.ts"
import type { Answer, Base, Intent, Item, Replica, State } from "./state.ts"

/** Takes an ack or a reject; one that was there already, or is of nothing that we have, does nothing. */
export function withAnswer(state: State, index: number, answer: Answer, model: Model): State {
  const { type } = answer
  const before = replicaOf(state, index).items
  const isOurs = ({ mutation, answer: known }: Item) =>
    mutation === answer.mutation && known === null
  if (type === "expected" || type === "forgotten" || !before.some(isOurs)) return state
  const items = before.map((item) =>
    isOurs(item)
      ? {
          ...item,
          answer: type,
          isProcessed: item.isProcessed || model.broken === "a pending write is dropped on the ack",
        }
      : item,
  )
  return settled(state, index, items)
}

/** Moves the base, and with it lets go of what it includes. */
export function withBase(state: State, index: number, base: Base, model: Model): State {
  const { items, outbox, client, link } = replicaOf(state, index)
  const { lastMutation } = base
  const after = withReplica(state, index, {
    base,
    known: lastMutation,
    isFresh: false,
    link: link && { ...link, hasMoved: true },
  })
  const now = items.map((item) =>
    item.mutation <= lastMutation ? { ...item, isProcessed: true } : item,
  )
  const forgets = model.broken === "the outbox forgets a write before the base is kept"
  const done = settled(after, index, now)
  return forgets && outbox.client === client
    ? withoutStored(done, index, lastMutation, model)
    : done
}

/**
 * Gives up what was sent on an earlier link: an authority that does not know the client any more can
 * not tell whether it has it. What was sent on this link alone it does not have.
 */
export function withoutUncertain(state: State, index: number, { broken }: Model): State {
  const { items, givenUp, unshown } = replicaOf(state, index)
  if (broken === "a forgotten client gives nothing up") return state
  const isUncertain = ({ answer, isProcessed, sent }: Item) =>
    answer === null && (isProcessed || sent === "before")
  const after = items.map((item) => (item.answer === null ? item : { ...item, isProcessed: true }))
  const gone = items.filter(isUncertain).map(({ intent }) => intent)
  const answered = items
    .filter(({ answer, isProcessed }) => answer !== null && !isProcessed)
    .map(({ intent }) => intent)
  const kept = settled(
    state,
    index,
    after.filter((item) => !isUncertain(item)),
  )
  return withReplica(kept, index, {
    givenUp: gone.reduce(including, givenUp),
    unshown: answered.reduce(including, unshown),
  })
}

/**
 * Owes all that another sequence does not include, whatever the last one said of it. What the
 * outbox had forgotten is put back, after the base is on the disk.
 */
export function owingAgain(state: State, index: number, model: Model): State {
  const { items, base, outbox, client } = replicaOf(state, index)
  const owing = items.map((item) =>
    item.mutation > base.lastMutation ? { ...item, isProcessed: false, answer: null } : item,
  )
  const after = withReplica(state, index, { items: owing })
  const isLess = items.some(({ isProcessed }, at) => isProcessed && !owing[at]?.isProcessed)
  if (!isLess || !model.configuration.crashes) return after
  const stored = owing.map(({ mutation, intent }) => ({ mutation, intent }))
  const last = Math.max(outbox.last, stored.at(-1)?.mutation ?? 0)
  return withReplica(after, index, {
    items: owing.map((item) => ({ ...item, isStored: true })),
    outbox: { ...outbox, client, last, items: stored },
    kept: { ...base, client },
  })
}

/** Forgets in the outbox what was answered, and is in the base. */
export function withoutStored(
  state: State,
  index: number,
  lastMutation: number,
  { broken }: Model,
): State {
  const forgets = broken === "the outbox forgets a write before it is answered"
  const { outbox, items: open } = replicaOf(state, index)
  const isOpen = (intent: Intent) =>
    open.some((item) => item.intent === intent && !(item.isProcessed && forgets))
  const items = outbox.items.filter(
    ({ mutation, intent }) => mutation > lastMutation || isOpen(intent),
  )
  if (items.length === outbox.items.length) return state
  return withReplica(state, index, { outbox: { ...outbox, items } })
}

/** Tells the writers of all that is both answered and in the base. */
function settled(state: State, index: number, items: readonly Item[]): State {
  const isDone = (item: Item) => item.isProcessed && item.answer !== null
  const news = items.filter(isDone).map(({ intent, answer }): Replica["settled"][number] => ({
    intent,
    applied: answer === "ack",
  }))
  return withReplica(state, index, {
    items: items.filter((item) => !isDone(item)),
    settled: news.reduce(including, replicaOf(state, index).settled),
  })
}
