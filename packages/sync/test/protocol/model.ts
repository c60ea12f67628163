import type { Mutation } from "./mutations.ts"
import type { Configuration, Item, Link, Replica, Sent, State } from "./state.ts"

/** What is explored: a configuration, with the rules of the protocol or with one of them broken. */
export interface Model {
  readonly configuration: Configuration
  readonly broken: Mutation | undefined
}

/** Something that can happen: in words, and the state after it. */
export type Step = readonly [label: string, after: State]

/** A state with something else about one replica. */
export function withReplica(state: State, index: number, change: Partial<Replica>): State {
  const before = replicaOf(state, index)
  return { ...state, replicas: state.replicas.with(index, { ...before, ...change }) }
}

/** A state with something else about the link of a replica, which must have one. */
export function withLink(state: State, index: number, change: Partial<Link>): State {
  const { link } = replicaOf(state, index)
  if (link === null) throw new Error("There is no link")
  return withReplica(state, index, { link: { ...link, ...change } })
}

/** A replica lets go of its link, with all that was on its way there. */
export function withoutLink(state: State, index: number): State {
  const items = replicaOf(state, index).items.map(
    (item): Item => (item.sent === "here" ? { ...item, sent: "before" } : item),
  )
  const after = withReplica(state, index, { link: null, items })
  return { ...after, owed: after.owed.filter(({ replica }) => replica !== index) }
}

export function replicaOf(state: State, index: number): Replica {
  return state.replicas[index] as Replica
}

/** Puts writes of a replica on their way, if it was welcomed, follows something and has noted since when. */
export function send(state: State, index: number, items: readonly Item[], model: Model): State {
  const { link, client, base, since, items: all } = replicaOf(state, index)
  const { epoch } = base
  if (!link?.isWelcome || epoch === null || since === null) return state
  const sendable =
    model.broken === "a write is sent before the outbox has it"
      ? items
      : items.filter(({ isStored }) => isStored)
  const going = sendable.filter(({ answer }) => answer === null)
  const copies = going.map(
    ({ mutation, intent }): Sent => ({ client, epoch, mutation, intent, since }),
  )
  const sent = copies.reduce(including, state.sent)
  const after = sent === state.sent ? state : { ...state, sent }
  if (model.configuration.ages === undefined) return after
  const isFirst = (item: Item) =>
    item.sent === "never" && going.some(({ intent }) => intent === item.intent)
  const noted = all.map((item): Item => (isFirst(item) ? { ...item, sent: "here" } : item))
  return withReplica(after, index, { items: noted })
}

/** A list as a set, in one order whatever came first. */
export function including<T>(list: readonly T[], one: T): readonly T[] {
  const text = JSON.stringify(one)
  if (list.some((other) => JSON.stringify(other) === text)) return list
  return [...list, one].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1))
}
