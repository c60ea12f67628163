import { lastMutationAt } from "./authority-steps.ts"
import { type Model, replicaOf, type Step, withLink, withoutLink } from "./model.ts"
import { type Intent, isSeen, type Link, logOf, type State, type Told, type View } from "./state.ts"

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
  const { view } = state
  const isSame = base.view === view || model.broken === "a base of another view is gone on with"
  const isKnown = base.epoch === epoch && isSame && base.position <= head && reaches
  const lastMutation = lastMutationAt(logOf(state), head, client)
  return withLink(state, index, {
    feed: { epoch, view, read: isKnown ? base.position : 0, needs: isKnown ? "first" : "snapshot" },
    queue: [{ type: "welcome", epoch, lastMutation, at: state.age }],
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
    const { view } = feed
    const messages = snapshotOf(state, index, view, model)
    const after: Link["feed"] = { epoch, view, read: to, needs: "first" }
    return withLink(state, index, { feed: after, queue: [...queue, ...messages] })
  }
  const { read, view } = feed
  const silent = model.broken === "nothing is told at first when nothing is new"
  if (read >= to && (feed.needs === "news" || silent)) return state
  const reaches = read >= state.horizon || model.broken === "a pruned position is served"
  if (!reaches) return withoutLink(state, index)
  const message: Told = {
    type: "changes",
    epoch: feed.epoch,
    view,
    from: read,
    to,
    applied: seenBetween(state, Math.max(read, state.horizon), to, view),
    lastMutation: lastMutationOf(state, index, to, model),
  }
  const after: Link["feed"] = { epoch: feed.epoch, view, read: to, needs: "news" }
  return withLink(state, index, { feed: after, queue: [...queue, message] })
}

function snapshotOf(state: State, index: number, view: View, model: Model): readonly Told[] {
  const epoch = state.logs.length - 1
  const to = headOf(state, model)
  const applied = seenBetween(state, 0, to, view)
  const lastMutation =
    model.broken === "a snapshot comes without lastMutation"
      ? 0
      : lastMutationOf(state, index, to, model)
  const parts =
    model.configuration.parts === 2 ? [applied.slice(0, 1), applied.slice(1)] : [applied]
  const messages = parts.map((some, part): Told => {
    const last = part === parts.length - 1
    return { type: "snapshot", epoch, view, to, part, last, applied: some, lastMutation }
  })
  return [{ type: "reset" }, ...messages]
}

function lastMutationOf(state: State, index: number, to: number, { broken }: Model): number {
  const log = logOf(state)
  const upTo =
    broken === "lastMutation is the newest instead of that at the position" ? log.length : to
  return lastMutationAt(log, upTo, replicaOf(state, index).client)
}

function seenBetween(state: State, after: number, to: number, view: View): readonly Intent[] {
  return logOf(state)
    .slice(after, to)
    .filter((entry) => isSeen(entry, view))
    .map(({ intent }) => intent)
}
