import { type Model, replicaOf, type Step, send, withLink, withReplica } from "./model.ts"
import { withoutStored } from "./pending.ts"
import { begins, receive, receiveAnswer } from "./receiving.ts"
import type { Link, State } from "./state.ts"

/** What a replica can do next: write, store, talk, and listen. */
export function* replicaSteps(state: State, index: number, model: Model): Iterable<Step> {
  const { name, written, link, items, base, kept, outbox, client } = replicaOf(state, index)
  const { configuration } = model
  if (written < configuration.writes)
    yield [`${name} writes ${name}${written + 1}`, writes(state, index, model)]
  if (configuration.crashes) {
    if (items.some(({ isStored }) => !isStored))
      yield [`${name}'s outbox has its next write`, stores(state, index, model)]
    const isKept =
      kept.client === client && JSON.stringify(kept) === JSON.stringify({ ...base, client })
    if (base.epoch !== null && !isKept)
      yield [
        `${name}'s disk has its base`,
        withReplica(state, index, { kept: { ...base, client } }),
      ]
    if (link !== null && link.at !== null)
      yield [`${name}'s outbox has since when it writes`, begins(state, index, link.at, model)]
    const dropped =
      kept.client === outbox.client ? withoutStored(state, index, kept.lastMutation, model) : state
    if (dropped !== state) yield [`${name}'s outbox forgets what the disk has`, dropped]
  }
  if (link === null) {
    const opened: Link = {
      isWelcome: false,
      at: null,
      hasMoved: false,
      feed: null,
      queue: [],
      answers: [],
    }
    return yield [`${name} says hello`, withReplica(state, index, { link: opened })]
  }
  yield* listening(state, index, link, model)
}

function* listening(state: State, index: number, link: Link, model: Model): Iterable<Step> {
  const { name } = replicaOf(state, index)
  const { bad } = model.configuration
  for (const [at, message] of link.queue.slice(0, bad ? link.queue.length : 1).entries()) {
    const text = JSON.stringify(message)
    const gone = withLink(state, index, { queue: link.queue.toSpliced(at, 1) })
    yield [`${name} gets ${text}`, receive(gone, index, message, model)]
    if (!bad) continue
    yield [`${name} does not get ${text}`, gone]
    yield [`${name} gets ${text}, which comes again`, receive(state, index, message, model)]
  }
  for (const answer of link.answers) {
    const after = receiveAnswer(state, index, answer, model)
    if (after !== state) yield [`${name} gets ${answer.type} ${answer.mutation}`, after]
  }
}

function writes(state: State, index: number, model: Model): State {
  const { name, written, next, items } = replicaOf(state, index)
  const item = {
    mutation: next,
    intent: `${name}${written + 1}`,
    // Without storage there is nothing to wait for.
    isStored: !model.configuration.crashes,
    sent: "never",
    answer: null,
    isProcessed: false,
  } as const
  const after = withReplica(state, index, {
    written: written + 1,
    next: next + 1,
    items: [...items, item],
  })
  return send(after, index, [item], model)
}

/** The writes are stored in their order; each is sent as soon as it is. */
function stores(state: State, index: number, model: Model): State {
  const { items, outbox } = replicaOf(state, index)
  const at = items.findIndex(({ isStored }) => !isStored)
  const item = items[at]
  if (item === undefined) return state
  const { mutation, intent } = item
  const stored = { ...item, isStored: true }
  const after = withReplica(state, index, {
    items: items.with(at, stored),
    outbox: { ...outbox, last: mutation, items: [...outbox.items, { mutation, intent }] },
  })
  return send(after, index, [stored], model)
}
