import { type Model, replicaOf, send, withLink, withoutLink, withReplica } from "./model.ts"
import { owingAgain, withAnswer, withBase, withoutUncertain } from "./pending.ts"
import type { Answer, Base, State, Told } from "./state.ts"

/** What a replica does with a message that it is told. */
export function receive(state: State, index: number, message: Told, model: Model): State {
  const { base, next, link, known } = replicaOf(state, index)
  switch (message.type) {
    case "welcome": {
      const { epoch, lastMutation } = message
      const welcome = noting(withLink(state, index, { isWelcome: true }), index, message.at, model)
      if (epoch !== base.epoch) return welcome
      return sendAll(
        withReplica(welcome, index, {
          next: Math.max(next, lastMutation + 1),
          known: Math.max(lastMutation, link?.hasMoved ? known : 0),
        }),
        index,
        model,
      )
    }
    case "reset":
      return withReplica(state, index, { parts: null })
    case "snapshot":
      return receiveSnapshot(state, index, message, model)
    case "changes": {
      const { epoch, from, to, lastMutation } = message
      const isGap = from !== base.position && model.broken !== "a gap in the changes is accepted"
      const { view } = message
      const isOfOther = view !== base.view && model.broken !== "changes of another view are taken"
      if (epoch !== base.epoch || isOfOther || isGap) return withoutLink(state, index)
      const applied = [...base.applied, ...message.applied]
      return withBase(
        state,
        index,
        { epoch, view: base.view, position: to, applied, lastMutation },
        model,
      )
    }
  }
}

/** What a replica does with an answer. */
export function receiveAnswer(state: State, index: number, answer: Answer, model: Model): State {
  if (answer.type === "forgotten")
    return startAnew(withoutUncertain(state, index, model), index, model)
  if (answer.type !== "expected") return withAnswer(state, index, answer, model)
  const { items, known } = replicaOf(state, index)
  const { mutation } = answer
  if (items.some((item) => item.mutation === mutation)) return sendAll(state, index, model)
  const isLate = mutation <= known && model.broken !== "a late expected makes a new client"
  const isOpen =
    items.some((item) => item.mutation < mutation) &&
    model.broken !== "a name is given up while a lower number is open"
  if (isLate || isOpen) return sendAll(state, index, model)
  if (model.broken === "a client keeps its name whatever the authority expects") return state
  return startAnew(state, index, model)
}

/** The outbox has since when the client writes. What waited for that is sent. */
export function begins(state: State, index: number, at: number, model: Model): State {
  const { outbox, link } = replicaOf(state, index)
  const after = withReplica(state, index, {
    since: at,
    outbox: { ...outbox, since: at },
    link: link && { ...link, at: null },
  })
  return sendAll(after, index, model)
}

/** A client that has not noted since when it writes does so now; a disk takes its time for that. */
function noting(state: State, index: number, at: number, model: Model): State {
  if (replicaOf(state, index).since !== null) return state
  return model.configuration.crashes
    ? withLink(state, index, { at })
    : begins(state, index, at, model)
}

function receiveSnapshot(
  state: State,
  index: number,
  message: Extract<Told, { type: "snapshot" }>,
  model: Model,
): State {
  const { parts, base, link } = replicaOf(state, index)
  const { epoch, view, to, part, last, lastMutation } = message
  const isNext = part === (parts === null ? 0 : 1)
  const isSame =
    parts === null ||
    (parts.epoch === epoch && parts.view === view && parts.to === to) ||
    model.broken === "parts of two snapshots are put together"
  if (!isNext || !isSame) return withoutLink(withReplica(state, index, { parts: null }), index)
  const applied = [...(parts?.applied ?? []), ...message.applied]
  if (!last) return withReplica(state, index, { parts: { epoch, view, to, applied } })
  const isOther = base.epoch !== null && base.epoch !== epoch
  const isBehind = isOther || to < base.position
  if (isBehind && link?.hasMoved && model.broken !== "a snapshot that was held up is taken")
    return withoutLink(state, index)
  const whole: Base = { epoch, view, position: to, applied, lastMutation }
  return takeSnapshot(withReplica(state, index, { parts: null }), index, whole, isOther, model)
}

function takeSnapshot(
  state: State,
  index: number,
  whole: Base,
  isOther: boolean,
  model: Model,
): State {
  const { broken } = model
  if (isOther && broken === "what a snapshot of another epoch includes is sent as new")
    return startAnew(withBase(state, index, { ...whole, lastMutation: 0 }, model), index, model)
  const after = withBase(state, index, whole, model)
  if (!isOther) return sendAll(after, index, model)
  if (broken === "answers of another epoch are kept") return sendAll(after, index, model)
  // What another sequence had answered is void, and more of its answers may be on their way.
  return withoutLink(owingAgain(after, index, model), index)
}

function sendAll(state: State, index: number, model: Model): State {
  return send(state, index, replicaOf(state, index).items, model)
}

/** Goes on as another client, once that and the base are on the disk. */
function startAnew(state: State, index: number, { configuration }: Model): State {
  const { name, clients, items, base } = replicaOf(state, index)
  const client = `${name}-${clients + 1}`
  const owed = items
    .filter(({ isProcessed }) => !isProcessed)
    .map((item, at) => ({
      ...item,
      mutation: at + 1,
      isStored: true,
      sent: "never" as const,
      answer: null,
    }))
  const stored = owed.map(({ mutation, intent }) => ({ mutation, intent }))
  const after = { ...base, lastMutation: 0 }
  const since = configuration.ages === undefined ? 0 : null
  return withReplica(withoutLink(state, index), index, {
    clients: clients + 1,
    client,
    since,
    next: owed.length + 1,
    base: after,
    known: 0,
    items: owed,
    ...(configuration.crashes
      ? { outbox: { client, since, last: owed.length, items: stored }, kept: { ...after, client } }
      : {}),
  })
}
