import { Alarm } from "./alarm.ts"
import type { Engine } from "./engine.ts"
import type { Entry } from "./entry.ts"
import { StoreError } from "./errors.ts"
import { KeyedMap } from "./keyed-map.ts"
import type { Live, LiveContext } from "./live.ts"
import { type KeySource, LiveKey } from "./live-key.ts"
import { type ListSource, LiveList } from "./live-list.ts"
import type { Packing } from "./packing.ts"
import { type Query, queryId } from "./query.ts"
import type { Shown, View } from "./view.ts"

/** All live results of a store: equal questions share one, and each hears what concerns it. */
export class Lives implements KeySource, ListSource {
  readonly engine: Engine
  readonly view: View
  readonly packing: Packing
  readonly #context: LiveContext
  // Values and entries; more than one of each only where somebody took up again a result whose
  // grace had ended.
  readonly #keys = new KeyedMap<readonly LiveKey[]>()
  readonly #lists = new KeyedMap<readonly LiveList[]>()
  readonly #alarm: Alarm
  #isClosed = false

  constructor(engine: Engine, view: View, packing: Packing, context: LiveContext) {
    this.engine = engine
    this.view = view
    this.packing = packing
    this.#context = context
    this.#alarm = new Alarm(context.clock, () => this.#look())
  }

  key(kind: string, key: string): Live<unknown> {
    return this.#part(kind, key, "value")
  }

  entry(kind: string, key: string): Live<Entry | undefined> {
    return this.#part(kind, key, "entry") as Live<Entry | undefined>
  }

  list(kind: string, query: Query): Live<readonly Entry[]> {
    const id = queryId(query)
    return this.#lists.get(kind, id)?.[0] ?? new LiveList(this.#context, this, kind, query, id)
  }

  /** Whether a live result follows what a key shows. */
  watches(kind: string, key: string): boolean {
    if (this.#lists.size > 0 && this.#lists.ofKind(kind).size > 0) return true
    return this.#keys.size > 0 && this.#keys.get(kind, key) !== undefined
  }

  /** Brings every result up to date first, then tells the listeners: none sees half of a batch. */
  show(shown: readonly Shown[]): void {
    const changed: { notify(): void }[] = []
    const byKind = new Map<string, Shown[]>()
    for (const one of shown) {
      for (const live of this.#keys.get(one.kind, one.key) ?? [])
        if (live.show(one.row)) changed.push(live)
      const group = byKind.get(one.kind)
      if (group === undefined) byKind.set(one.kind, [one])
      else group.push(one)
    }
    for (const [kind, group] of byKind) {
      for (const live of this.#allLists(kind)) if (live.show(group)) changed.push(live)
    }
    for (const live of changed) live.notify()
  }

  /** Reads every result again, or those of some kinds: nobody knows what has changed. */
  reload(kinds?: ReadonlySet<string>): void {
    this.#reload(this.#all().filter(({ kind }) => kinds?.has(kind) !== false))
  }

  /** Reads again what could not be read because its storage could not be reached. */
  retry(): void {
    this.#reload(this.#all().filter(({ error }) => StoreError.is(error, "storage_unavailable")))
  }

  ends(time: number): void {
    this.#alarm.set(time)
  }

  /** Ends all results: the store has closed. */
  close(): void {
    this.#isClosed = true
    this.#alarm.clear()
    for (const live of this.#all()) live.close()
    this.#keys.clear()
    this.#lists.clear()
  }

  attachKey(live: LiveKey): void {
    if (this.#isClosed) return live.close()
    this.#keys.set(live.kind, live.key, [...(this.#keys.get(live.kind, live.key) ?? []), live])
  }

  detachKey(live: LiveKey): void {
    const rest = (this.#keys.get(live.kind, live.key) ?? []).filter((other) => other !== live)
    if (rest.length > 0) this.#keys.set(live.kind, live.key, rest)
    else this.#keys.delete(live.kind, live.key)
  }

  attachList(live: LiveList): void {
    if (this.#isClosed) return live.close()
    this.#lists.set(live.kind, live.id, [...(this.#lists.get(live.kind, live.id) ?? []), live])
  }

  detachList(live: LiveList): void {
    const rest = (this.#lists.get(live.kind, live.id) ?? []).filter((other) => other !== live)
    if (rest.length > 0) this.#lists.set(live.kind, live.id, rest)
    else this.#lists.delete(live.kind, live.id)
  }

  /** Takes out of all results what has ended, and puts back what has not after all. */
  #look(): void {
    const all = this.#all()
    const changed = all.filter((live) => live.look())
    for (const live of changed) live.notify()
    for (const live of all) this.ends(live.nextEnd)
  }

  #reload(some: readonly (LiveKey | LiveList)[]): void {
    for (const live of some) live.reload()
    for (const live of some) live.notify()
  }

  #part(kind: string, key: string, part: LiveKey["part"]): Live<unknown> {
    const known = this.#keys.get(kind, key)?.find((live) => live.part === part)
    return known ?? new LiveKey(this.#context, this, kind, key, part)
  }

  #all(): readonly (LiveKey | LiveList)[] {
    return [...this.#keys.values(), ...this.#lists.values()].flat()
  }

  #allLists(kind: string): readonly LiveList[] {
    return [...this.#lists.ofKind(kind).values()].flat()
  }
}
