import { type Awaitable, isPromise } from "./awaitable.ts"
import { type Entry, entryOf, type Row } from "./entry.ts"
import type { StoreError } from "./errors.ts"
import { type LiveContext, LiveResult } from "./live.ts"
import type { Packing } from "./packing.ts"
import { retain } from "./retain.ts"
import { Unreadable } from "./unreadable.ts"
import type { View } from "./view.ts"

/** Who tells a live key what its key shows. */
export interface KeySource {
  readonly view: View
  readonly packing: Packing
  /** Tells when an entry that is shown will end. */
  ends(time: number): void
  attachKey(live: LiveKey): void
  detachKey(live: LiveKey): void
}

/** The live value of one key, or its live entry. */
export class LiveKey extends LiveResult<unknown> {
  readonly kind: string
  readonly key: string
  readonly part: "value" | "entry"
  readonly #source: KeySource
  #held: Row | undefined
  /** The result that the listeners know. */
  #told: unknown
  /** Why what was shown last cannot be read. */
  #unreadable: StoreError | undefined
  /** Counts what was shown, so that a slow first read does not overwrite news. */
  #shown = 0

  constructor(
    context: LiveContext,
    source: KeySource,
    kind: string,
    key: string,
    part: LiveKey["part"],
  ) {
    super(context)
    this.part = part
    this.#source = source
    this.kind = kind
    this.key = key
  }

  /** Takes over what the key shows now. Whether the result is another one. */
  show(row: Row | undefined): boolean {
    this.#shown++
    if (this.#isSame(row)) return false
    const error = this.#errorOf(row)
    this.#unreadable = error
    this.#row = error === undefined ? row : undefined
    if (error === undefined) this.recover()
    else this.fail(error)
    this.#source.ends(this.nextEnd)
    return this.look() || error !== undefined
  }

  /** Whether a row is known already, but for what no value tells: that it was confirmed. */
  #isSame(row: Row | undefined): boolean {
    const held = this.#held
    return (
      this.part === "value" &&
      this.status === "ready" &&
      held !== undefined &&
      row !== undefined &&
      row.value === held.value &&
      row.deleted === held.deleted &&
      row.expiresAt === held.expiresAt
    )
  }

  /** Looks at the clock. Whether the result is another one than the listeners know. */
  look(): boolean {
    const before = this.#told
    this.#told = this.value()
    return this.#told !== before
  }

  /** When to look at the clock. One that has ended, and was not deleted, shows again if it goes back. */
  get nextEnd(): number {
    const expiresAt = this.#row?.expiresAt
    if (expiresAt === undefined) return Number.POSITIVE_INFINITY
    return expiresAt <= this.#source.view.now() ? Number.MAX_VALUE : expiresAt
  }

  protected override value(): unknown {
    const entry = this.#entryOf(this.#row)
    return this.part === "entry" ? entry : entry?.value
  }

  protected override load(): Awaitable<void> {
    // A reading that began earlier knows less.
    const shown = ++this.#shown
    const row = this.#source.view.row(this.kind, this.key)
    if (!isPromise(row)) return this.#take(row)
    // What was shown meanwhile is news, whatever has become of the reading.
    return row.then(
      (loaded) => (shown === this.#shown ? this.#take(loaded) : this.#hold()),
      (error) => {
        if (shown === this.#shown) throw error
        this.#hold()
      },
    )
  }

  get #row(): Row | undefined {
    return this.#held
  }

  /** What is shown, and stays as it was, keeps its identity. */
  set #row(row: Row | undefined) {
    const [before, now] = [this.#held, row && this.#source.packing.share(row)]
    if (now === undefined || now.deleted || before === undefined) this.#held = now
    else if (this.part === "entry") this.#held = retain(before, now)
    else this.#held = withValue(now, retain(before.value, now.value))
  }

  protected override attach(): void {
    this.#source.attachKey(this)
  }

  protected override detach(): void {
    this.#source.detachKey(this)
  }

  /** Stays with what was shown. @throws StoreError where that cannot be read. */
  #hold(): void {
    if (this.#unreadable !== undefined) throw this.#unreadable
  }

  #take(row: Row | undefined): void {
    const error = this.#errorOf(row)
    this.#unreadable = error
    if (error !== undefined) throw error
    this.#row = row
    this.#told = this.value()
    this.#source.ends(this.nextEnd)
  }

  #errorOf(row: Row | undefined): StoreError | undefined {
    const value = this.#entryOf(row)?.value
    return value instanceof Unreadable ? value.error : undefined
  }

  #entryOf(row: Row | undefined): Entry | undefined {
    // Most entries have no end, and a screen full of them asks for no time.
    return entryOf(row, row?.expiresAt === undefined ? 0 : this.#source.view.now())
  }
}

function withValue(row: Row, value: unknown): Row {
  return value === row.value ? row : { ...row, value }
}
