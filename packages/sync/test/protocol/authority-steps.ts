import { including, type Model, replicaOf, type Step, withLink } from "./model.ts"
import { type Answer, type Entry, logOf, type Sent, type State } from "./state.ts"

/** What the authority can do next: process a write that arrives, write itself, have all on the disk. */
export function* authoritySteps(state: State, model: Model): Iterable<Step> {
  for (const sent of state.sent) {
    const after = process(state, sent, model)
    const { client, mutation, intent } = sent
    if (after !== state) yield [`the authority gets ${client}:${mutation} (${intent})`, after]
  }
  if (state.left.ownWrites > 0) {
    const intent = `own${state.left.ownWrites}`
    const entry: Entry = { client: null, mutation: 0, intent, applied: true, marked: true }
    const left = { ...state.left, ownWrites: state.left.ownWrites - 1 }
    yield ["the authority writes", appended({ ...state, left }, entry, model)]
  }
  if (
    state.owed.length > 0 ||
    logOf(state).some((entry, at) => at >= state.durable || !entry.marked)
  )
    yield ["the authority's disk has everything", flushed(state)]
}

/** The last mutation that a log has of a client, up to a position. */
export function lastMutationAt(log: readonly Entry[], position: number, client: string): number {
  let last = 0
  for (const entry of log.slice(0, position))
    if (entry.client === client && entry.marked) last = entry.mutation // 0 once its record has ended.
  return last
}

function process(state: State, sent: Sent, model: Model): State {
  const { broken } = model
  const isOther = sent.epoch !== state.logs.length - 1
  if (isOther && broken !== "a write of another epoch is processed") return state
  const log = logOf(state)
  const known = lastMutationAt(log, log.length, sent.client)
  const mayBeForgotten = known === 0 && sent.since < state.age
  if (mayBeForgotten && broken !== "a client that is not known is taken for a new one")
    return answered(state, sent, { type: "forgotten", mutation: 0 })
  if (sent.mutation <= known && broken !== "a repeat is processed again")
    return repeated(state, sent)
  if (sent.mutation > known + 1 && broken !== "a gap in the numbers is accepted")
    return answered(state, sent, { type: "expected", mutation: known + 1 })
  const applied =
    !model.configuration.conflicts ||
    !log.some((entry) => entry.applied && entry.client !== sent.client)
  const { client, mutation, intent } = sent
  const answer: Answer = { type: applied ? "ack" : "reject", mutation }
  if (!applied && broken === "a refusal is not in the log") return answered(state, sent, answer)
  const marked = broken !== "lastMutation is not written in the same transaction"
  const after = appended(state, { client, mutation, intent, applied, marked }, model)
  if (broken === "a write is answered before it is durable") return answered(after, sent, answer)
  const index = listenerOf(after, sent)
  if (index === -1) return after
  const owing = { ...after, owed: [...after.owed, { replica: index, answer }] }
  return after.durable === logOf(after).length && marked ? flushed(owing) : owing
}

/** Answers what was answered before, unless a power cut could still take that back: then it says `retry`. */
function repeated(state: State, sent: Sent): State {
  const log = logOf(state)
  const isOwn = (entry: Entry) => entry.client === sent.client
  if (log.findLastIndex(isOwn) >= state.durable) return state
  const entry = log.find((one) => isOwn(one) && one.mutation === sent.mutation)
  const type = entry?.applied === false ? "reject" : "ack"
  return answered(state, sent, { type, mutation: sent.mutation })
}

/** Puts an answer on its way, to the link on which its client listens now; else it is lost. */
function answered(state: State, sent: Sent, answer: Answer): State {
  const index = listenerOf(state, sent)
  const { answers = [] } = (index === -1 ? null : replicaOf(state, index).link) ?? {}
  const after = including(answers, answer)
  return after === answers || index === -1 ? state : withLink(state, index, { answers: after })
}

function listenerOf(state: State, { client }: Sent): number {
  return state.replicas.findIndex((replica) => replica.client === client && replica.link?.isWelcome)
}

/** Adds to the log. The disk is waited for only where the power may fail. */
function appended(state: State, entry: Entry, { configuration }: Model): State {
  const log = [...logOf(state), entry]
  const durable = configuration.powerCuts && entry.marked ? state.durable : log.length
  return { ...state, logs: state.logs.with(-1, log), durable }
}

function flushed(state: State): State {
  const log = logOf(state).map((entry) => (entry.marked ? entry : { ...entry, marked: true }))
  let after: State = { ...state, logs: state.logs.with(-1, log), durable: log.length, owed: [] }
  for (const { replica, answer } of state.owed) {
    const { answers = [] } = replicaOf(after, replica).link ?? {}
    after = withLink(after, replica, { answers: including(answers, answer) })
  }
  return after
}
