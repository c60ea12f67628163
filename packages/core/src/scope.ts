import type { Quota, ScopeQuota } from "./batch.ts"
import type { Consumers } from "./consumers.ts"
import type { Ending } from "./ending.ts"
import type { Entry } from "./entry.ts"
import { StoreError } from "./errors.ts"
import type { Live } from "./live.ts"
import { checkQuery, type Query } from "./query.ts"
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
import type { Scope } from "./store.ts"
import type { StoreStatus } from "./store-status.ts"
import { type ScopeUsage, totalsOf } from "./usage.ts"
import { StoreWatcher } from "./watcher.ts"

/**
 * A store seen through one namespace: the same reading and writing as in the store itself, over
 * parts that know its kinds by the names inside.
 */
export class ScopedStore
  extends StoreWatcher<ScopedParts>
  implements Record<Exclude<keyof Scope, "kindTypes">, unknown>, Place
{
  readonly name: string
  readonly quotas: readonly Quota[]
  readonly ending: Ending
  readonly consumers: Consumers
  readonly #root: ScopeRoot
  readonly #names: ScopedNames
  readonly #lives = new WeakMap<object, object>()
  #closing: Promise<void> | undefined
  #isClosed = false

  constructor(root: ScopeRoot, place: Place) {
    const { name, quotas, ending, consumers } = place
    const names = new ScopedNames(name, root.facts)
    super(scopedParts(root, place, names), name)
    this.name = name
    this.quotas = quotas
    this.ending = ending
    this.consumers = consumers
    this.#root = root
    this.#names = names
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

  live(kind: string, key: string): Live<unknown> {
    this.checkNames(kind, key)
    const source = this.#root.parts.lives.key(this.#names.stored(kind), key)
    return this.#liveOf(source, (value) => value)
  }

  liveEntry(kind: string, key: string): Live<Entry | undefined> {
    this.checkNames(kind, key)
    const source = this.#root.parts.lives.entry(this.#names.stored(kind), key)
    return this.#liveOf(source, (entry) => entry && this.#names.fact(entry))
  }

  liveList(kind: string, query: Query = {}): Live<readonly Entry[]> {
    this.checkKind(kind)
    checkQuery(query)
    const source = this.#root.parts.lives.list(this.#names.stored(kind), query)
    return this.#liveOf(source, (entries) => this.#names.facts(entries))
  }

  // Keeping

  async purge(): Promise<number> {
    this.checkOpen()
    return this.#root.parts.expiry.purge((kind) => this.#names.has(kind))
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

  // Ending

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
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
    const { report } = this.parts
    const error = (failure: unknown) => this.#names.error(failure)
    const live = new ScopedLive(source, tell, { ending: this.ending, error, report })
    this.#lives.set(source, live)
    return live
  }
}
