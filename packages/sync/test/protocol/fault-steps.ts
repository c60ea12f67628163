import { lastMutationAt } from "./authority-steps.ts"
import { type Model, replicaOf, type Step, withoutLink, withReplica } from "./model.ts"
import { type Entry, endOf, logOf, NO_BASE, type Replica, type State } from "./state.ts"

/** What can go wrong next, where the configuration allows it. */
export function* faultSteps(state: State, model: Model): Iterable<Step> {
  const { configuration } = model
  const log = logOf(state)
  for (const [index, { name, link }] of state.replicas.entries()) {
    if (configuration.cuts && link !== null)
      yield [`the link of ${name} is cut`, withoutLink(state, index)]
    if (configuration.crashes)
      yield [`${name} stops and starts again`, restarted(state, index, model)]
    if (state.left.wipes > 0)
      yield [`${name} starts again with nothing`, wiped(state, index, model)]
  }
  if (configuration.powerCuts && log.some((entry, at) => at >= state.durable || !entry.marked))
    yield ["the authority loses power", withoutPower(state)]
  if (state.left.prunings > 0 && state.horizon < state.durable) {
    const left = { ...state.left, prunings: state.left.prunings - 1 }
    yield ["the log is pruned", { ...state, left, horizon: state.durable }]
  }
  if (state.left.grants > 0) {
    const left = { ...state.left, grants: state.left.grants - 1 }
    const view = state.view === "all" ? "some" : "all"
    yield [`replicas may read ${view}`, { ...state, view, left }]
  }
  if (state.left.ages > 0 && state.durable === log.length)
    yield ["time passes, and the records of clients end", aged(state)]
  if (state.left.restores === 0) return
  for (let to = 0; to < state.durable; to++)
    yield [`the authority is restored to ${to}`, restored(state, to)]
}

/**
 * Ends all records. No link is silent for so long: where something is on its way, or waits for its
 * answer, it is lost.
 */
function aged(state: State): State {
  const log = logOf(state)
  const clients = new Set(log.flatMap(({ client }) => client ?? []))
  const ends = [...clients]
    .filter((client) => lastMutationAt(log, log.length, client) > 0)
    .map(
      (client): Entry => ({
        client,
        mutation: 0,
        intent: endOf(client),
        applied: false,
        marked: true,
      }),
    )
  const isBusy = ({ link, items }: Replica) =>
    link !== null &&
    (link.queue.length > 0 ||
      link.at !== null ||
      link.feed?.needs !== "news" ||
      link.feed.read < log.length ||
      items.some(({ answer }) => answer === null))
  const after: State = {
    ...state,
    age: state.age + 1,
    logs: state.logs.with(-1, [...log, ...ends]),
    durable: log.length + ends.length,
    left: { ...state.left, ages: state.left.ages - 1 },
  }
  return after.replicas.reduce(
    (before, replica, index) => (isBusy(replica) ? withoutLink(before, index) : before),
    after,
  )
}

function restarted(state: State, index: number, { broken, configuration }: Model): State {
  const { outbox, kept, items, forgotten } = replicaOf(state, index)
  const isStored = (intent: string) => outbox.items.some((one) => one.intent === intent)
  const unstored = items.filter((item) => !item.isStored && !isStored(item.intent))
  const { client, ...base } = kept
  const last =
    broken === "the last number is not kept" ? (outbox.items.at(-1)?.mutation ?? 0) : outbox.last
  return withReplica(withoutLink(state, index), index, {
    client: outbox.client,
    since: outbox.since,
    next: last + 1,
    base: { ...base, lastMutation: client === outbox.client ? base.lastMutation : 0 },
    parts: null,
    items: outbox.items.map((item) => ({
      ...item,
      isStored: true,
      sent: configuration.ages === undefined ? ("never" as const) : ("before" as const),
      answer: null,
      isProcessed: false,
    })),
    isFresh: true,
    forgotten: [...forgotten, ...unstored.map(({ intent }) => intent)],
  })
}

function wiped(state: State, index: number, { broken, configuration }: Model): State {
  const since = configuration.ages === undefined ? 0 : null
  const { name, written, clients } = replicaOf(state, index)
  const isKeptName = broken === "a lost outbox keeps the name of the client"
  const client = `${name}-${isKeptName ? clients : clients + 1}`
  const left = { ...state.left, wipes: state.left.wipes - 1 }
  return withReplica({ ...withoutLink(state, index), left }, index, {
    clients: isKeptName ? clients : clients + 1,
    client,
    since,
    next: 1,
    base: NO_BASE,
    parts: null,
    items: [],
    isFresh: false,
    forgotten: Array.from({ length: written }, (_, n) => `${name}${n + 1}`),
    givenUp: [],
    unshown: [],
    outbox: { client, since, last: 0, items: [] },
    kept: { ...NO_BASE, client },
  })
}

function withoutPower(state: State): State {
  const log = logOf(state)
    .slice(0, state.durable)
    .map((entry) => (entry.marked ? entry : { ...entry, client: null }))
  const after: State = { ...state, logs: state.logs.with(-1, log), owed: [] }
  return after.replicas.reduce((before, _, index) => withoutLink(before, index), after)
}

/** In place: links stay, and their feeds notice. */
function restored(state: State, to: number): State {
  const log = logOf(state)
  return {
    ...state,
    logs: [...state.logs, log.slice(0, to)],
    durable: to,
    horizon: Math.min(state.horizon, to),
    owed: [],
    excused: [...state.excused, ...log.slice(to).map(({ intent }) => intent)],
    left: { ...state.left, restores: state.left.restores - 1 },
  }
}
