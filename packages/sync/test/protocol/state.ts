/** A write that somebody meant: `a1` is the first of replica `a`. Whatever happens, it should be in the log once. */
export type Intent = string

/**
 * What the log has of one write; a refused one stands there too. `client` is null for the authority's
 * own. The end of a client's record stands there as well: mutation 0, which nobody meant.
 */
export interface Entry {
  readonly client: string | null
  readonly mutation: number
  readonly intent: Intent
  readonly applied: boolean
  /** Whether the client's record was written with it; always, unless that rule is broken. */
  readonly marked: boolean
}

/** Stands in the log for the end of a client's record. */
export function endOf(client: string): Intent {
  return `end of ${client}`
}

/** What a principal may read: everything, or nothing that the authority writes itself. */
export type View = "all" | "some"

/** A copy of a write on its way to the authority. It may arrive at any time, any number of times, or never. */
export interface Sent {
  readonly client: string
  readonly epoch: number
  readonly mutation: number
  readonly intent: Intent
  /** When the client began to write, as it says. */
  readonly since: number
}

export interface Answer {
  readonly type: "ack" | "reject" | "expected" | "forgotten"
  readonly mutation: number
}

export type Told =
  | {
      readonly type: "welcome"
      readonly epoch: number
      readonly lastMutation: number
      /** The age in which it was said. */
      readonly at: number
    }
  | { readonly type: "reset" }
  | {
      readonly type: "snapshot"
      readonly epoch: number
      readonly view: View
      readonly to: number
      readonly part: number
      readonly last: boolean
      readonly applied: readonly Intent[]
      readonly lastMutation: number
    }
  | {
      readonly type: "changes"
      readonly epoch: number
      readonly view: View
      readonly from: number
      readonly to: number
      readonly applied: readonly Intent[]
      readonly lastMutation: number
    }

/** One try to talk. What the authority tells comes in order, unless the link is bad; answers come in any order. */
export interface Link {
  readonly isWelcome: boolean
  /** The age that the welcome has told; null before it, and once the client has noted one. */
  readonly at: number | null
  /** Whether it has moved the base. */
  readonly hasMoved: boolean
  /** How far the authority has told; null before it has the hello. */
  readonly feed: {
    readonly epoch: number
    readonly view: View
    readonly read: number
    readonly needs: "snapshot" | "first" | "news"
  } | null
  readonly queue: readonly Told[]
  readonly answers: readonly Answer[]
}

/** A write that its replica has not let go of. */
export interface Item {
  readonly mutation: number
  readonly intent: Intent
  readonly isStored: boolean
  /** Whether it was sent, and on which link first; not told where records do not end. */
  readonly sent: "never" | "here" | "before"
  readonly answer: "ack" | "reject" | null
  readonly isProcessed: boolean
}

/** What is confirmed: the writes that were applied up to a position of a sequence. */
export interface Base {
  readonly epoch: number | null
  readonly view: View
  readonly position: number
  readonly applied: readonly Intent[]
  /** The last mutation that it includes of the client. */
  readonly lastMutation: number
}

export interface Outbox {
  readonly client: string
  /** The age in which the client began to write; null until that is noted. */
  readonly since: number | null
  readonly last: number
  readonly items: readonly { readonly mutation: number; readonly intent: Intent }[]
}

export interface Replica {
  readonly name: string
  readonly written: number
  /** Clients so far: the name of the next one is new. */
  readonly clients: number
  readonly client: string
  readonly since: number | null
  readonly next: number
  readonly base: Base
  /** The highest number of the client that the authority is known to have. */
  readonly known: number
  /** Parts of a snapshot that is not whole yet. */
  readonly parts: {
    readonly epoch: number
    readonly view: View
    readonly to: number
    readonly applied: readonly Intent[]
  } | null
  readonly items: readonly Item[]
  /** What writers were told. */
  readonly settled: readonly { readonly intent: Intent; readonly applied: boolean }[]
  readonly link: Link | null
  /** Not told anything since it was started again: what it has may still be in the outbox too. */
  readonly isFresh: boolean
  /** Writes of which nobody can tell what became of them: their writers were told so. */
  readonly givenUp: readonly Intent[]
  /** Writes that were answered before it was forgotten, and are shown again when the base is told of them. */
  readonly unshown: readonly Intent[]
  /** Writes that it has lost with its storage, or before they were stored. */
  readonly forgotten: readonly Intent[]
  readonly outbox: Outbox
  /** The base on the disk. */
  readonly kept: Base & { readonly client: string }
}

export interface State {
  /** Counts up each time that passes as long as records of clients last. */
  readonly age: number
  /** A log for each epoch so far; the last one is in use. */
  readonly logs: readonly (readonly Entry[])[]
  /** What replicas may read from their next hello on. */
  readonly view: View
  /** So much of the log survives a crash. */
  readonly durable: number
  /** Changes up to here are pruned. */
  readonly horizon: number
  /** Answers that wait until what they say is durable. */
  readonly owed: readonly { readonly replica: number; readonly answer: Answer }[]
  readonly sent: readonly Sent[]
  readonly replicas: readonly Replica[]
  /** Writes that a restore has taken out of the log. */
  readonly excused: readonly Intent[]
  /** What may still happen, of what the configuration allows. */
  readonly left: Readonly<Record<Budget, number>>
}

/** What happens a limited number of times. */
export type Budget = "ownWrites" | "wipes" | "restores" | "prunings" | "grants" | "ages"

/** How much of everything there is. What is left out does not happen. */
export interface Configuration extends Partial<Record<Budget, number>> {
  readonly replicas: number
  /** Of each replica. */
  readonly writes: number
  /** Whether a write is refused when the log has one of another. */
  readonly conflicts?: true
  /** How many parts a snapshot has. */
  readonly parts?: 2
  /** Links are cut at any time, as often as one likes. */
  readonly cuts?: true
  /** Messages of a link are lost, doubled and reordered, without its being cut. */
  readonly bad?: true
  /** Replicas have storage, which takes its time, and stop and start again at any time. */
  readonly crashes?: true
  /** The authority's disk takes its time, and the power fails at any time. */
  readonly powerCuts?: true
}

/** Nothing was written, and nobody has spoken. */
export function initialState(configuration: Configuration): State {
  const { ownWrites = 0, wipes = 0, restores = 0, prunings = 0, grants = 0 } = configuration
  const { ages = 0 } = configuration
  return {
    age: 0,
    logs: [[]],
    view: "all",
    durable: 0,
    horizon: 0,
    owed: [],
    sent: [],
    replicas: Array.from({ length: configuration.replicas }, (_, index) =>
      newReplica("abc".charAt(index), ages === 0 ? 0 : null),
    ),
    excused: [],
    left: { ownWrites, wipes, restores, prunings, grants, ages },
  }
}

/** The log in use. */
export function logOf(state: State): readonly Entry[] {
  return state.logs.at(-1) as readonly Entry[]
}

/** Whether who has a view is told of an entry. */
export function isSeen({ applied, client }: Entry, view: View): boolean {
  return applied && (view === "all" || client !== null)
}

export const NO_BASE: Base = { epoch: null, view: "all", position: 0, applied: [], lastMutation: 0 }

/** Where no record ends, `since` need not be noted: it is always now. */
function newReplica(name: string, since: number | null): Replica {
  const client = `${name}-1`
  return {
    name,
    written: 0,
    clients: 1,
    client,
    since,
    next: 1,
    base: NO_BASE,
    known: 0,
    parts: null,
    items: [],
    settled: [],
    link: null,
    isFresh: false,
    givenUp: [],
    unshown: [],
    forgotten: [],
    outbox: { client, since, last: 0, items: [] },
    kept: { ...NO_BASE, client },
  }
}
