import type { Awaitable } from "./awaitable.ts"
import type { Change } from "./change.ts"
import type { ConsumeOptions, Consumer, Handler } from "./consume.ts"
import type { Consumers } from "./consumers.ts"
import { dumpOf } from "./dump.ts"
import type { EngineContext, FollowReads } from "./engine.ts"
import type { FeedReads } from "./feed.ts"
import { migrate } from "./migrate.ts"
import type { MigrationOptions, MigrationReport } from "./migration.ts"
import { PastReader } from "./past.ts"
import { readonlyView } from "./readonly.ts"
import type { Reader, Store, Watcher } from "./store.ts"
import { type StoredFacts, storedFactsOf } from "./stored.ts"
import { checkTarget, kindsOf, type Target } from "./target.ts"
import { createWatch, type Watch, type WatchOptions } from "./watch.ts"
import { StoreWriter, type WriterParts } from "./writer.ts"

/** What a store that can be followed is made of. */
export interface WatcherParts extends WriterParts {
  readonly feed: FeedReads
  /** The engine with values as they are stored. */
  readonly stored: FollowReads
  readonly context: EngineContext
  readonly consumers: Consumers
  /** Whether the sequence goes as far as a position; a replica may yet hear of any. */
  reaches(position: number): Awaitable<boolean>
  /** Keeps the log after a position until the result is called. */
  hold(position: number): () => void
  report(error: unknown): void
}

/** The following half of a store, and of a scope: all that reads its sequence. */
export abstract class StoreWatcher<
  Parts extends WatcherParts = WatcherParts,
> extends StoreWriter<Parts> {
  readonly stored: StoredFacts
  #readonly: (Reader & Watcher) | undefined

  /** `scope` is the name of the scope that it is; empty for none. */
  constructor(parts: Parts, scope = "") {
    super(parts)
    const { stored, feed, view, rules, context, report } = parts
    this.stored = storedFactsOf({
      engine: stored,
      feed,
      view,
      packing: rules.packing,
      scope,
      now: () => context.clock.now(),
      checkOpen: () => this.checkOpen(),
      report,
    })
  }

  abstract get epoch(): string

  readonly(): Reader & Watcher {
    this.checkOpen()
    this.#readonly ??= readonlyView(this as unknown as Store)
    return this.#readonly
  }

  at(seq: number): PastReader {
    this.checkOpen()
    const { engine, feed, rules, context } = this.parts
    return new PastReader({ engine, feed, rules, context, checkOpen: () => this.checkOpen() }, seq)
  }

  watch(target: Target, options: WatchOptions = {}): Watch {
    this.checkOpen()
    const { stored: engine, feed, rules, context, report } = this.parts
    this.#checkTarget(target)
    const now = () => context.clock.now()
    const give = (change: Change) => rules.packing.give(rules.packing.unpacked(change))
    const { reaches } = this.parts
    return createWatch({ engine, feed, now, give, report, reaches }, target, options)
  }

  consume(name: string, target: Target, handler: Handler, options?: ConsumeOptions): Consumer {
    this.checkOpen()
    this.#checkTarget(target)
    return this.parts.consumers.start(this as unknown as Store, name, target, handler, options)
  }

  async migrate(options: MigrationOptions = {}): Promise<MigrationReport> {
    for (const kind of options.kinds ?? []) this.checkKind(kind)
    this.checkOpen()
    const { stored: engine, rules, context, commits } = this.parts
    return migrate(
      {
        engine,
        rules,
        now: () => context.clock.now(),
        commit: (batch) => commits.submit(batch),
        checkOpen: () => this.checkOpen(),
      },
      options,
    )
  }

  async *dump(options: { readonly kinds?: readonly string[] } = {}): AsyncGenerator<string> {
    for (const kind of options.kinds ?? []) this.checkKind(kind)
    this.checkOpen()
    const { stored: reads, feed, view, hold } = this.parts
    const now = () => view.now()
    yield* dumpOf({ reads, feed, hold, now, epoch: this.epoch }, options.kinds)
  }

  abstract close(): Promise<void>

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** A strict store has nothing to tell of a kind that it does not know. */
  #checkTarget(target: Target): void {
    checkTarget(target)
    for (const kind of kindsOf(target) ?? []) this.parts.rules.checkKind(kind)
  }
}
