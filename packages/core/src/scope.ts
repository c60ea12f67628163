import type { Quota, ScopeQuota } from "./batch.ts"
import type { Change } from "./change.ts"
import type { ConsumeOptions, Consumer, Handler } from "./consume.ts"
import type { Consumers } from "./consumers.ts"
import { dumpOf } from "./dump.ts"
import type { Ending } from "./ending.ts"
import type { Entry } from "./entry.ts"
import { StoreError } from "./errors.ts"
import type { Live } from "./live.ts"
import { migrate } from "./migrate.ts"
import type { MigrationOptions, MigrationReport } from "./migration.ts"
import { PastReader } from "./past.ts"
import { checkQuery, type Query } from "./query.ts"
import { readonlyView } from "./readonly.ts"
import { namespacesOf, namespaceText } from "./scope-name.ts"
import { ScopedLive } from "./scoped-live.ts"
import { ScopedNames } from "./scoped-names.ts"
import {
  type Place,
  placeOf,
  type ScopedParts,
  type ScopeRoot,
  scopedParts,
} from "./scoped-parts.ts"
import { ScopedReads } from "./scoped-reads.ts"
import type { Reader, Scope, Store, StoreStatus, Watcher } from "./store.ts"
import { type StoredFacts, storedFactsOf } from "./stored.ts"
import type { Target } from "./target.ts"
import { type ScopeUsage, totalsOf } from "./usage.ts"
import { createWatch, type Watch, type WatchOptions } from "./watch.ts"
import { StoreWriter } from "./writer.ts"

/**
 * A store seen through one namespace: the same reading and writing as in the store itself, over
 * parts that know its kinds by the names inside.
 */
export class ScopedStore
  extends StoreWriter<ScopedParts>
  implements Record<Exclude<keyof Scope, "kindTypes">, unknown>, Place
{
  readonly name: string
  readonly quotas: readonly Quota[]
  readonly ending: Ending
  readonly consumers: Consumers
  readonly stored: StoredFacts
  readonly #root: ScopeRoot
  readonly #names: ScopedNames
  readonly #stored: ScopedReads
  readonly #lives = new WeakMap<object, object>()
  #closing: Promise<void> | undefined
  #isClosed = false
  #readonly: (Reader & Watcher) | undefined

  constructor(root: ScopeRoot, place: Place) {
    const { name, quotas, ending, consumers } = place
    const { context, report } = root
    const names = new ScopedNames(name, root.facts)
    super(scopedParts(root, place, names))
    this.name = name
    this.quotas = quotas
    this.ending = ending
    this.consumers = consumers
    this.#root = root
    this.#names = names
    this.#stored = new ScopedReads(root.stored, names)
    const { feed, rules } = this.parts
    this.stored = storedFactsOf({
      engine: this.#stored,
      feed,
      packing: rules.packing,
      now: () => context.clock.now(),
      checkOpen: () => this.checkOpen(),
      report,
    })
  }

  // Where it is

  get epoch(): string {
    return this.#root.store.epoch
  }

  get position(): number {
    return this.#root.store.position
  }

  get status(): Live<StoreStatus> {
    return this.#root.store.status
  }

  at(seq: number): PastReader {
    this.checkOpen()
    const { engine, feed, rules } = this.parts
    const { context } = this.#root
    return new PastReader({ engine, feed, rules, context, checkOpen: () => this.checkOpen() }, seq)
  }

  readonly(): Reader & Watcher {
    this.checkOpen()
    this.#readonly ??= readonlyView(this as unknown as Store)
    return this.#readonly
  }

  scope(namespace: string, quota: ScopeQuota = {}): ScopedStore {
    this.checkOpen()
    return new ScopedStore(this.#root, placeOf(this.#root, this, namespace, quota))
  }

  async usage(): Promise<ScopeUsage> {
    this.checkOpen()
    const { parts } = this.#root
    return totalsOf(await parts.engine.usage(this.name, parts.view.now()))
  }

  // Following

  watch(target: Target, options: WatchOptions = {}): Watch {
    this.checkOpen()
    const { feed, rules, view } = this.parts
    const give = (change: Change) => rules.packing.give(rules.packing.unpacked(change))
    const { report } = this.#root
    return createWatch(
      { engine: this.#stored, feed, now: () => view.now(), give, report },
      target,
      options,
    )
  }

  live(kind: string, key: string): Live<unknown> {
    this.checkNames(kind, key)
    const source = this.#root.lives.key(this.#names.stored(kind), key)
    return this.#liveOf(source, (value) => value)
  }

  liveList(kind: string, query: Query = {}): Live<readonly Entry[]> {
    this.checkKind(kind)
    checkQuery(query)
    const source = this.#root.lives.list(this.#names.stored(kind), query)
    return this.#liveOf(source, (entries) => this.#names.facts(entries))
  }

  consume(name: string, target: Target, handler: Handler, options?: ConsumeOptions): Consumer {
    this.checkOpen()
    return this.consumers.start(this as unknown as Store, name, target, handler, options)
  }

  // Keeping

  async purge(): Promise<number> {
    this.checkOpen()
    return this.#root.purge((kind) => this.#names.has(kind))
  }

  async migrate(options: MigrationOptions = {}): Promise<MigrationReport> {
    for (const kind of options.kinds ?? []) this.checkKind(kind)
    this.checkOpen()
    const { rules, view, commits } = this.parts
    return migrate(
      {
        engine: this.#stored,
        rules,
        now: () => view.now(),
        commit: (batch) => commits.submit(batch),
        checkOpen: () => this.checkOpen(),
      },
      options,
    )
  }

  async prune(): Promise<never> {
    return this.#refuse("prune")
  }

  async check(): Promise<never> {
    return this.#refuse("check")
  }

  async backup(): Promise<never> {
    return this.#refuse("backup")
  }

  async *dump(options: { readonly kinds?: readonly string[] } = {}): AsyncGenerator<string> {
    for (const kind of options.kinds ?? []) this.checkKind(kind)
    this.checkOpen()
    const { feed, view } = this.parts
    const now = () => view.now()
    yield* dumpOf({ reads: this.#stored, feed, now, epoch: this.epoch }, options.kinds)
  }

  // Ending

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    const { commits, feed } = this.parts
    // Until they have ended, what their handlers write is taken.
    await this.consumers.close()
    this.#isClosed = true
    await commits.settled()
    await this.ending.end(feed.position)
  }

  protected override checkOpen(): void {
    this.#root.checkOpen()
    if (!this.#isClosed && this.ending.position === undefined) return
    throw new StoreError("closed", `This scope is closed: ${namespaceText(this.name)}`, {
      hint: "Open it again with scope()",
    })
  }

  #refuse(what: string): never {
    this.checkOpen()
    throw new StoreError("unsupported", `A scope has no ${what}() of its own`, {
      details: { namespaces: namespacesOf(this.name) },
      hint: "Call it on the store: it concerns all that is stored",
    })
  }

  /** The same for the same result of the store. */
  #liveOf<T>(source: Live<T>, tell: (value: T) => T): Live<T> {
    const known = this.#lives.get(source)
    if (known !== undefined) return known as Live<T>
    const { report } = this.#root
    const error = (failure: unknown) => this.#names.error(failure)
    const live = new ScopedLive(source, tell, { ending: this.ending, error, report })
    this.#lives.set(source, live)
    return live
  }
}
