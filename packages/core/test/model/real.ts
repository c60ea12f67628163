import assert from "node:assert/strict"
import { setTimeout } from "node:timers/promises"
import { isDeepStrictEqual } from "node:util"
import type { Change, Live, Query, Store, StoreOptions, Target } from "@tidemark/core"
import type { Awaitable } from "@tidemark/core/engine"
import { CaseClock } from "../../src/testing/clock.ts"
import type { Model, ModelChange } from "./model.ts"
import { answer } from "./query.ts"

/** How a store under test is opened, and again after it was closed. */
export interface Subject {
  open(options: StoreOptions): Awaitable<Store>
  /** Whether what was written is there when it is opened again. */
  readonly persists: boolean
}

/** A watch with what it was given, and what it should have been given. */
interface Watched {
  readonly target: Target
  readonly from: number
  readonly replay: readonly (readonly [kind: string, key: string, value: unknown])[]
  readonly got: Change[]
  stop(): void
}

interface Followed {
  readonly live: Live<unknown>
  readonly what:
    | { readonly kind: string; readonly key: string }
    | { readonly kind: string; readonly query: Query }
  stop(): void
}

/** The store under test, with everybody who follows it. */
export class Real {
  store: Store
  /** Changes up to here may have been pruned. */
  pruned = 0
  readonly #subject: Subject
  #watched: Watched[] = []
  #followed: Followed[] = []

  readonly clock: CaseClock

  private constructor(subject: Subject, clock: CaseClock, store: Store) {
    this.#subject = subject
    this.clock = clock
    this.store = store
  }

  static async open(subject: Subject): Promise<Real> {
    const clock = new CaseClock()
    return new Real(subject, clock, await subject.open({ clock }))
  }

  /** Lets time pass until what has ended by then is deleted, and tells the model how it went. */
  async pass(ms: number, model: Model): Promise<void> {
    this.clock.pass(ms)
    const ended = model.ended(this.clock.now())
    const head = model.head
    for (let waited = 0; this.store.position < head + ended.length && waited < 1_000; waited++) {
      await setTimeout(1) // An engine that answers later does so by timers, and a turn is no time to them.
    }
    for (const change of await this.store.changes({ after: head })) {
      const row = ended.find(({ kind, key }) => kind === change.kind && key === change.key)
      assert.ok(row !== undefined, `${change.kind}/${change.key} had not ended`)
      assert.deepEqual(
        [modelled(change), change.cause],
        [model.expire(row, change.batch), "expired"],
      )
    }
    assert.equal(model.head, head + ended.length, "some have not ended")
  }

  /** Watches a target from now, from what is there, or from a position. */
  watch(target: Target, from: "now" | "current" | number, model: Model): void {
    const got: Change[] = []
    const { unsubscribe } = this.store.watch(target, { from, buffer: 3 }).subscribe((change) => {
      got.push(change)
    })
    const kinds = from === "current" ? model.kinds() : []
    const replay = kinds.flatMap((kind) =>
      model
        .entries(kind)
        .filter(({ key }) => isIn(target, kind, key))
        .map(({ key, value }) => [kind, key, value] as const),
    )
    const start = typeof from === "number" ? from : model.head
    this.#watched.push({ target, from: start, replay, got, stop: unsubscribe })
  }

  followKey(kind: string, key: string): void {
    this.#follow(this.store.live(kind, key), { kind, key })
  }

  followList(kind: string, query: Query): void {
    this.#follow(this.store.liveList(kind, query), { kind, query })
  }

  /** Claims that everybody who follows has what the model says, once all is at rest. */
  async check(model: Model): Promise<void> {
    for (const watched of this.#watched) await checkWatch(watched, model)
    for (const followed of this.#followed) await checkLive(followed, model)
  }

  async restart(): Promise<void> {
    if (!this.#subject.persists) return
    await this.close()
    this.store = await this.#subject.open({ clock: this.clock })
  }

  async close(): Promise<void> {
    for (const { stop } of [...this.#watched, ...this.#followed]) stop()
    this.#watched = []
    this.#followed = []
    await this.store.close()
  }

  #follow(live: Live<unknown>, what: Followed["what"]): void {
    this.#followed.push({ live, what, stop: live.subscribe(() => {}) })
  }
}

async function checkLive({ live, what }: Followed, model: Model): Promise<void> {
  await live.ready
  const isKey = "key" in what
  const row = isKey ? model.row(what.kind, what.key) : undefined
  const value = row?.deleted ? undefined : row?.value
  const wanted = isKey ? value : answer(model.entries(what.kind), what.query).map(plain)
  const shown = () => (isKey ? live.get() : (live.get() as readonly object[]).map(plain))
  // On an engine that answers later, what falls back on the base follows a little later too.
  for (let waited = 0; !isDeepStrictEqual(shown(), wanted) && waited < 100; waited++) {
    await setTimeout(1)
  }
  assert.deepEqual(shown(), wanted)
}

async function checkWatch({ target, from, replay, got }: Watched, model: Model): Promise<void> {
  const wanted = model.changes.slice(from).filter((change) => isIn(target, change.kind, change.key))
  for (let waited = 0; got.length < replay.length + wanted.length && waited < 1_000; waited++) {
    await setTimeout(1)
  }
  const replayed = got.slice(0, replay.length)
  assert.ok(replayed.every((change) => change.replay === true && change.type === "create"))
  assert.deepEqual(
    replayed.map(({ kind, key, value }) => [kind, key, value]).sort(byText),
    [...replay].sort(byText),
  )
  assert.deepEqual(got.slice(replay.length).map(modelled), wanted)
}

/** What the model says of a change. */
export function modelled(change: Change): ModelChange {
  const { seq, type, kind, key, value, version, batch, expiresAt } = change
  const end = expiresAt === undefined ? {} : { expiresAt }
  const facts = { seq, type, kind, key, value, version, batch, ...end }
  return "previous" in change ? { ...facts, previous: change.previous } : facts
}

/** What the model says of an entry. */
export function plain(entry: object): unknown {
  const { key, value, version, seq, expiresAt } = entry as ModelChange
  return { key, value, version, seq, expiresAt }
}

function isIn(target: Target, kind: string, key: string): boolean {
  if (target === "*") return true
  if (typeof target === "string") return kind === target
  if ("anyOf" in target) return target.anyOf.some((part) => isIn(part, kind, key))
  if ("prefix" in target) return kind === target.kind && key.startsWith(target.prefix)
  return kind === target[0] && key === target[1]
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}
