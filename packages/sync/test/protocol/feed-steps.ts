import { lastMutationAt } from "./authority-steps.ts"
import { type Model, replicaOf, type Step, withLink, withoutLink } from "./model.ts"
import { type Intent, type Link, logOf, type State, type Told } from "./state.ts"

/** At most so many messages wait on a link before the authority is asked for another. */
const MOST_WAITING = 2

/** What the authority can tell a replica next. */
export function* feedSteps(state: State, index: number, model: Model): Iterable<Step> {
  const { name, link } = replicaOf(state, index)
  if (link === null) return
  if (link.feed === null) return yield [`${name} is welcomed`, welcomed(state, index, model)]
  if (link.queue.length >= MOST_WAITING) return
  const after = told(state, index, link, model)
  if (after !== state) yield [`${name} is told what is new`, after]
}

/** How far the authority tells: nothing that a power cut could take back. */
function headOf(state: State, { broken }: Model): number {
  return broken === "changes are told before they are durable" ? logOf(state).length : state.durable
}

function welcomed(state: State, index: number, model: Model): State {
  const { client, base } = replicaOf(state, index)
  const epoch = state.logs.length - 1
  const head = headOf(state, model)
  const reaches = base.position >= state.horizon || model.broken === "a pruned position is served"
  const isKnown = base.epoch === epoch && base.position <= head && reaches
  const lastMutation = lastMutationAt(logOf(state), head, client)
  return withLink(state, index, {
    feed: { epoch, read: isKnown ? base.position : 0, needs: isKnown ? "first" : "snapshot" },
    queue: [{ type: "welcome", epoch, lastMutation }],
  })
}

function told(state: State, index: number, link: Link, model: Model): State {
  const { feed, queue } = link
  if (feed === null) return state
  const epoch = state.logs.length - 1
  const isReplaced =
    feed.epoch !== epoch && model.broken !== "a feed goes on when the sequence is replaced"
  const to = headOf(state, model)
  if (isReplaced || feed.needs === "snapshot") {
    const messages = snapshotOf(state, index, model)
    const after: Link["feed"] = { epoch, read: to, needs: "first" }
    return withLink(state, index, { feed: after, queue: [...queue, ...messages] })
  }
  const { read } = feed
  const silent = model.broken === "nothing is told at first when nothing is new"
  if (read >= to && (feed.needs === "news" || silent)) return state
  const reaches = read >= state.horizon || model.broken === "a pruned position is served"
  if (!reaches) return withoutLink(state, index)
  const message: Told = {
    type: "changes",
    epoch: feed.epoch,
    from: read,
    to,
    applied: appliedBetween(state, Math.max(read, state.horizon), to),
    lastMutation: lastMutationOf(state, index, to, model),
  }
  const after: Link["feed"] = { epoch: feed.epoch, read: to, needs: "news" }
  return withLink(state, index, { feed: after, queue: [...queue, message] })
}

function snapshotOf(state: State, index: number, model: Model): readonly Told[] {
  const epoch = state.logs.length - 1
  const to = headOf(state, model)
  const applied = appliedBetween(state, 0, to)
  const lastMutation =
    model.broken === "a snapshot comes without lastMutation"
      ? 0
      : lastMutationOf(state, index, to, model)
  const parts =
    model.configuration.parts === 2 ? [applied.slice(0, 1), applied.slice(1)] : [applied]
  const messages = parts.map((some, part): Told => {
    const last = part === parts.length - 1
    return { type: "snapshot", epoch, to, part, last, applied: some, lastMutation }
  })
  return [{ type: "reset" }, ...messages]
}

function lastMutationOf(state: State, index: number, to: number, { broken }: Model): number {
  const log = logOf(state)
  const upTo =
    broken === "lastMutation is the newest instead of that at the position" ? log.length : to
  return lastMutationAt(log, upTo, replicaOf(state, index).client)
}

function appliedBetween(state: State, after: number, to: number): readonly Intent[] {
  return logOf(state)
    .slice(after, to)
    .filter(({ applied }) => applied)
    .map(({ intent }) => intent)
}
