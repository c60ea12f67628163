import type { Quota, ScopeQuota } from "./batch.ts"
import { Consumers } from "./consumers.ts"
import { Ending } from "./ending.ts"
import type { Live } from "./live.ts"
import { scopeName } from "./scope-name.ts"
import { checkQuota } from "./scope-quota.ts"
import { ScopedCommits } from "./scoped-commits.ts"
import { ScopedFeed } from "./scoped-feed.ts"
import type { LocalFacts, ScopedNames } from "./scoped-names.ts"
import { ScopedReads } from "./scoped-reads.ts"
import { ScopedView } from "./scoped-view.ts"
import type { StoreParts } from "./store-parts.ts"
import type { StoreStatus } from "./store-status.ts"
import type { WatcherParts } from "./watcher.ts"

/** The store that scopes are seen in. */
export interface ScopeRoot {
  readonly parts: StoreParts
  readonly facts: LocalFacts
  readonly store: {
    readonly epoch: string
    readonly position: number
    readonly status: Live<StoreStatus>
  }
  /** @throws StoreError `closed` */
  checkOpen(): void
}

/** Where a scope lies: its name in the store, its bounds and those around it, and what ends it. */
export interface Place {
  readonly name: string
  readonly quotas: readonly Quota[]
  readonly ending: Ending
  readonly consumers: Consumers
}

/**
 * Where a scope lies that is opened in a store, or in a scope of it.
 *
 * @throws StoreError `invalid_key` for a namespace that is none, `invalid_value` for a quota that is none.
 */
export function placeOf(
  { parts: { context, report, consumers } }: ScopeRoot,
  outer: Place | undefined,
  namespace: string,
  quota: ScopeQuota,
): Place {
  const scope = scopeName(outer?.name, namespace)
  checkQuota(namespace, quota)
  return {
    name: scope,
    // The nearest bound is told first.
    quotas: [{ ...quota, scope }, ...(outer?.quotas ?? [])],
    ending: new Ending(outer?.ending),
    consumers: new Consumers({ clock: context.clock, report }, outer?.consumers ?? consumers),
  }
}

/** What a scope is made of. */
export interface ScopedParts extends WatcherParts {
  readonly engine: ScopedReads
  readonly stored: ScopedReads
  readonly feed: ScopedFeed
  readonly commits: ScopedCommits
}

/** The parts of a store as they are seen from inside a scope. */
export function scopedParts(
  { parts }: ScopeRoot,
  { quotas, ending, consumers }: Place,
  names: ScopedNames,
): ScopedParts {
  return {
    engine: new ScopedReads(parts.engine, names),
    stored: new ScopedReads(parts.stored, names),
    view: new ScopedView(parts.view, names),
    feed: new ScopedFeed(parts.feed, names, ending),
    commits: new ScopedCommits(parts.commits, names, quotas),
    rules: parts.rules,
    context: parts.context,
    consumers,
    reaches: parts.reaches,
    hold: parts.hold,
    report: parts.report,
  }
}
