import { type Awaitable, isPromise } from "./awaitable.ts"
import { entryOf, type Row } from "./entry.ts"
import { type LiveContext, LiveResult } from "./live.ts"
import type { View } from "./view.ts"

/** Who tells a live key what its key shows. */
export interface KeySource {
  readonly view: View
  attachKey(live: LiveKey): void
  detachKey(live: LiveKey): void
}

/** The live value of one key. */
export class LiveKey extends LiveResult<unknown> {
  readonly kind: string
  readonly key: string
  readonly #source: KeySource
  #row: Row | undefined
  /** Counts what was shown, so that a slow first read does not overwrite news. */
  #shown = 0

  constructor(context: LiveContext, source: KeySource, kind: string, key: string) {
    super(context)
    this.#source = source
    this.kind = kind
    this.key = key
  }

  /** Takes over what the key shows now. Whether the result is another one. */
  show(row: Row | undefined): boolean {
    const before = this.value()
    this.#shown++
    this.#row = row
    return this.value() !== before
  }

  protected override value(): unknown {
    return entryOf(this.#row, this.#source.view.now())?.value
  }

  protected override load(): Awaitable<void> {
    const row = this.#source.view.row(this.kind, this.key)
    if (!isPromise(row)) {
      this.#row = row
      return
    }
    const shown = this.#shown
    return row.then((loaded) => {
      if (shown === this.#shown) this.#row = loaded
    })
  }

  protected override attach(): void {
    this.#source.attachKey(this)
  }

  protected override detach(): void {
    this.#source.detachKey(this)
  }
}
