import type { ConnectionState } from "@tidemark/core"

/** What a replica is doing about its authority. */
export type ReplicaState =
  /** Nothing was tried yet, or a link is being opened. */
  | "connecting"
  /** Welcomed; the state or the changes since are on their way. */
  | "hydrating"
  /** Told of every change as it happens. */
  | "live"
  /** The link is gone; another try is due. */
  | "offline"
  /** The authority speaks another protocol: stopped until asked again, the outbox is kept. */
  | "incompatible"
  /** The authority will not have us: stopped until asked again, the outbox is kept. */
  | "denied"
  /** Closed for good. */
  | "closed"

/** What can happen to it. */
export type ReplicaEvent =
  | "open"
  /** Somebody asks for another try, whatever was said. */
  | "again"
  | "welcome"
  | "told"
  | "reset"
  | "lost"
  | "incompatible"
  | "denied"
  | "close"

/** The state after each event in each state. Total: a case that is missing does not compile. */
export const TRANSITIONS: Readonly<
  Record<ReplicaState, Readonly<Record<ReplicaEvent, ReplicaState>>>
> = {
  connecting: row("connecting", { welcome: "hydrating", lost: "offline" }),
  hydrating: row("hydrating", { told: "live", lost: "offline" }),
  live: row("live", { reset: "hydrating", lost: "offline" }),
  offline: row("offline", { open: "connecting" }),
  incompatible: { ...stay("incompatible"), again: "offline", close: "closed" },
  denied: { ...stay("denied"), again: "offline", close: "closed" },
  closed: stay("closed"),
}

/** How a state shows in the status of the store. */
export const CONNECTION: Readonly<Record<ReplicaState, ConnectionState>> = {
  connecting: "connecting",
  hydrating: "connecting",
  live: "live",
  offline: "offline",
  incompatible: "incompatible",
  denied: "denied",
  closed: "offline",
}

type Row = Readonly<Record<ReplicaEvent, ReplicaState>>

/** A state that can end in any way, and otherwise goes where it says or stays. */
function row(state: ReplicaState, moves: Partial<Row>): Row {
  return {
    ...stay(state),
    incompatible: "incompatible",
    denied: "denied",
    close: "closed",
    ...moves,
  }
}

function stay(state: ReplicaState): Row {
  return {
    open: state,
    again: state,
    welcome: state,
    told: state,
    reset: state,
    lost: state,
    incompatible: state,
    denied: state,
    close: state,
  }
}
