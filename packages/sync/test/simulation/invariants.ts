import type { Change } from "@tidemark/core"
import type { ClientMessage, ServerMessage } from "@tidemark/sync"
import { CLIENTS, type ClientRecord } from "../../src/clients.ts"
import type { FollowTarget } from "../../src/follow.ts"
import type { SimulatedDisk } from "./disk.ts"
import { Fold } from "./fold.ts"
import type { Follower } from "./follower.ts"
import { COUNTERS, NAMES, withName } from "./kinds.ts"
import type { People } from "./people.ts"
import { ShownInvariants } from "./shown.ts"

/** Whoever assigns the sequence, as far as it is looked at. */
type Authority = { readonly disk: SimulatedDisk }

/** Where a write was found in a log. */
interface Found {
  readonly epoch: string
  readonly seq: number
}

/** What must hold at every step. It listens to all that is said, and looks at logs, bases and outboxes. */
export class Invariants {
  /** What did not hold. */
  readonly broken: string[] = []
  readonly #authority: Authority
  readonly #people: People
  readonly #now: () => number
  /** The logs of sequences that a restore has ended. */
  readonly #past = new Map<string, readonly Change[]>()
  /** What was sent under each number of each client, and the name of the intent. */
  readonly #sent = new Map<string, { readonly text: string; readonly origin: string }>()
  readonly #numbers = new Map<string, Set<number>>()
  /** The clients of the numbers that an intent was given. */
  readonly #tries = new Map<string, readonly string[]>()
  /** What each replica was checked in last. */
  readonly #checked = new Map<Follower, string>()
  readonly #folds = new Map<Follower, Fold>()
  /** Up to which number bases have had what a client wrote, before a restore took it back or they were lost. */
  readonly #takenBack = new Map<string, number>()
  /** Where the log says that an intent was processed. */
  readonly #processed = new Map<string, Found>()
  readonly #acknowledged = new Map<string, Found>()
  readonly #shown: ShownInvariants
  readonly #seen = new Set<string>()
  #batches = new Map<string, number>()
  #marks = new Map<string, number>()
  #read = 0

  constructor(authority: Authority, people: People, now: () => number) {
    this.#authority = authority
    this.#people = people
    this.#now = now
    this.#shown = new ShownInvariants(people, this.fail)
  }

  /** A replica says something. */
  said(replica: Follower, message: ClientMessage): void {
    if (message.type !== "mutate") return
    const stored = replica.stored(message.client)
    for (const { mutation, ops, expect, origin = "", stale } of message.mutations) {
      const id = `${message.client}/${mutation}`
      // What is stale has nothing but its number, though it was sent whole before, or is after a crash.
      const text = stale ? "" : JSON.stringify({ ops, expect, origin })
      const before = this.#sent.get(id)
      if (before === undefined || before.text === "") {
        if (stored !== undefined && !stored.get(mutation))
          this.fail(`${origin} was sent before it was stored`)
        this.#sent.set(id, { text, origin })
        const numbers = this.#numbers.get(message.client) ?? new Set()
        this.#numbers.set(message.client, numbers.add(mutation))
        this.#tries.set(origin, [...(this.#tries.get(origin) ?? []), message.client])
      } else if (!stale && before.text !== text)
        this.fail(`${id} was sent as ${before.origin}, then as ${origin}`)
    }
  }

  /** The authority says something. */
  told(message: ServerMessage): void {
    const { durable } = this.#authority.disk
    if ((message.type === "ack" || message.type === "reject") && message.seq > durable)
      this.fail(`${message.mutation} is answered with seq ${message.seq}, durable is ${durable}`)
    if ((message.type === "changes" || message.type === "snapshot") && message.to > durable)
      this.fail(`${message.type} tell of seq ${message.to}, durable is ${durable}`)
  }

  /** The authority has crashed: what was acknowledged is there, and what is read begins anew. */
  crashed(): void {
    const { epoch, log } = this.#authority.disk
    for (const [name, found] of this.#acknowledged) {
      if (found.epoch === epoch && found.seq > log.length)
        this.fail(`${name} was acknowledged and is lost`)
    }
    this.#readAgain()
  }

  /** Another sequence takes the place of this one. */
  restoring(): void {
    const { epoch, log } = this.#authority.disk
    this.#readLog()
    this.#past.set(epoch, [...log])
    this.#readAgain()
  }

  /** What the outbox has let go of only this base has, besides the log: with a restore it ends, owed by nobody. */
  losesBase(replica: Follower): void {
    const { client = "" } = replica
    const stored = replica.stored(client)
    const gone = [...(this.#numbers.get(client) ?? [])].filter((number) => !stored?.has(number))
    this.#noteTakenBack(client, Math.max(0, ...gone))
  }

  /** The log of a sequence, also of one that a restore has ended. */
  readonly logOf = (epoch: string): readonly Change[] | undefined => {
    const { disk } = this.#authority
    return epoch === disk.epoch ? disk.log : this.#past.get(epoch)
  }

  readonly fail = (what: string): void => {
    this.broken.push(what)
  }

  check(replicas: readonly Follower[]): void {
    this.#readLog()
    this.#checkIntents()
    for (const replica of replicas) this.#checkReplica(replica)
    this.#shown.checkFound(replicas, [...this.#past.values(), this.#authority.disk.log])
  }

  /** What a replica with everything would have. */
  whole(follow: readonly FollowTarget[]): string {
    return this.newest().shown(follow, this.#now())
  }

  /** All that the log says. */
  newest(): Fold {
    const { epoch, log } = this.#authority.disk
    const fold = new Fold(epoch)
    fold.advance(log, log.length)
    return fold
  }

  #readAgain(): void {
    this.#read = 0
    this.#checked.clear()
    this.#batches = new Map()
    this.#marks = new Map()
  }

  #readLog(): void {
    const { log, epoch } = this.#authority.disk
    for (const change of log.slice(this.#read)) {
      if (change.kind === CLIENTS) this.#readMark(change, epoch)
      else if (change.origin !== undefined) this.#readWrite(change)
      if (change.kind === COUNTERS && change.type === "update")
        if (change.value !== (change.previous as number) + 1)
          this.fail(`${change.origin} lost an update of ${change.key}`)
      if (change.kind === NAMES) this.#readNames(change)
    }
    this.#read = log.length
  }

  /** Who adds a name to a list takes none away, whatever was seen of it. */
  #readNames({ key, type, value, previous, origin = "" }: Change): void {
    const names = value as readonly string[]
    // Where there was nothing, as after a restore, a writer sets all that was seen.
    const isRight =
      type === "create"
        ? names.includes(origin)
        : `${names}` === `${withName(previous as readonly string[], origin)}`
    if (!isRight) this.fail(`${origin} has made ${names} of ${previous ?? "nothing"} at ${key}`)
  }

  #readWrite({ origin = "", batch }: Change): void {
    const isTwice = (this.#batches.get(origin) ?? batch) !== batch
    // A restore may take back why the first try was refused.
    const tries = this.#tries.get(origin) ?? []
    const isTriedAgain = new Set(tries).size < tries.length
    if (isTwice && !(isTriedAgain && this.#past.size > 0))
      this.fail(`${origin} is in the log twice`)
    this.#batches.set(origin, batch)
  }

  #readMark({ key, version, value, origin, seq }: Change, epoch: string): void {
    const { mutation } = value as ClientRecord
    const last = this.#marks.get(key) ?? 0
    if (version !== last + 1 || mutation !== version)
      this.fail(`${mutation} of ${key} is processed as ${version}, after ${last}`)
    this.#marks.set(key, version)
    const sent = this.#sent.get(`${key}/${mutation}`)
    if (sent === undefined) return this.fail(`${mutation} of ${key} was never sent`)
    if (origin !== undefined && origin !== sent.origin)
      this.fail(`${mutation} of ${key} is ${origin} in the log, and was ${sent.origin}`)
    this.#processed.set(sent.origin, { epoch, seq })
  }

  #checkIntents(): void {
    const { epoch, durable } = this.#authority.disk
    for (const { name, state, place } of this.#people.intents) {
      if (state !== "done" || place === undefined || this.#seen.has(name)) continue
      this.#seen.add(name)
      const found = this.#processed.get(name)
      if (found === undefined) this.fail(`${name} is acknowledged and not in the log`)
      else if (found.epoch === epoch && found.seq > durable)
        this.fail(`${name} is acknowledged before it is durable`)
      else this.#acknowledged.set(name, found)
    }
    for (const surprise of this.#people.surprises.splice(0)) this.fail(surprise)
  }

  #checkReplica(replica: Follower): void {
    const { store } = replica
    if (store === undefined || !replica.hasBase) return
    const { pending, connection } = store.status.get()
    const { epoch, position } = store
    const state = [epoch, position, replica.stores, pending, connection].join()
    if (this.#checked.get(replica) === state) return // Nothing has moved there.
    this.#checked.set(replica, state)
    const fold = this.#foldOf(replica, epoch, position)
    if (fold === undefined) return
    if (replica.shown(this.#now()) !== fold.shown(replica.held, this.#now()))
      this.fail(`The base of ${replica.name} is not the log up to ${position}`)
    this.#shown.checkCounters(replica, store, fold)
    this.#shown.checkNames(replica, store, fold)
    this.#shown.checkPages(replica, store, fold)
    this.#checkOutbox(replica, fold, connection === "live" ? pending : undefined)
  }

  /** Each write is in the base or owed, never both; what is owed is shown as pending. */
  #checkOutbox(replica: Follower, fold: Fold, pending: number | undefined): void {
    const { client } = replica
    if (client === undefined) return
    const stored = replica.stored(client)
    if (stored === undefined) return
    const last = fold.lastMutation(client)
    for (const number of this.#numbers.get(client) ?? []) {
      if (number > Math.max(last, this.#takenBack.get(client) ?? 0) && !stored.has(number))
        this.fail(`${number} of ${replica.name} is neither pending nor processed`)
    }
    const owed = [...stored.keys()].filter((number) => number > last).length
    // What rests on a refused write is not shown, though its number is owed.
    const hidden = replica.resting(client).filter((number) => number > last).length
    if (pending !== undefined && (pending > owed || pending < owed - hidden))
      this.fail(`${replica.name} shows ${pending} pending writes, ${owed} are owed`)
  }

  /** The log up to where a replica is; goes on from where it was when it is the same log still. */
  #foldOf(replica: Follower, epoch: string, position: number): Fold | undefined {
    const log = this.logOf(epoch)
    if (log === undefined || position > log.length) {
      this.fail(`${replica.name} is at ${position}, which no log has`)
      return undefined
    }
    let fold = this.#folds.get(replica)
    const { client = "" } = replica
    if (fold !== undefined && fold.epoch !== epoch)
      this.#noteTakenBack(client, fold.lastMutation(client))
    if (fold?.epoch !== epoch || fold.position > position) fold = new Fold(epoch)
    fold.advance(log, position)
    this.#folds.set(replica, fold)
    return fold
  }

  #noteTakenBack(client: string, number: number): void {
    this.#takenBack.set(client, Math.max(this.#takenBack.get(client) ?? 0, number))
  }
}
