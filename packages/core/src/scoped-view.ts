import type { Awaitable } from "./awaitable.ts"
import type { Row } from "./entry.ts"
import { renamed } from "./maker.ts"
import type { ScopedNames } from "./scoped-names.ts"
import type { ViewReads } from "./view.ts"

/** What a scope shows: its part of what the store shows, by the names inside. */
export class ScopedView implements ViewReads {
  readonly #view: ViewReads
  readonly #names: ScopedNames

  constructor(view: ViewReads, names: ScopedNames) {
    this.#view = view
    this.#names = names
  }

  get head(): number {
    return this.#view.head
  }

  now(): number {
    return this.#view.now()
  }

  fresh(kind: string, key: string): Awaitable<Row | undefined> {
    const names = this.#names
    return names.ask(
      () => this.#view.fresh(names.stored(kind), key),
      (row) => row && this.#named(row),
    )
  }

  known(kind: string, key: string): Row | undefined {
    return this.sight(kind, key)?.row
  }

  sight(kind: string, key: string): { readonly row: Row | undefined } | undefined {
    const sight = this.#view.sight(this.#names.stored(kind), key)
    return sight && { row: sight.row && this.#named(sight.row) }
  }

  pendingRows(kind: string): ReadonlyMap<string, Row> {
    const rows = this.#view.pendingRows(this.#names.stored(kind))
    if (rows.size === 0) return rows
    return new Map([...rows].map(([key, row]) => [key, this.#named(row)]))
  }

  *pendingKinds(): IterableIterator<string> {
    for (const kind of this.#view.pendingKinds()) {
      if (this.#names.has(kind)) yield this.#names.local(kind)
    }
  }

  #named(row: Row): Row {
    return renamed(row, this.#names.fact(row))
  }
}
