import { run, type Steps, wait } from "./awaitable.ts"
import { systemClock } from "./clock.ts"
import { Commits } from "./commits.ts"
import { consumersFloor } from "./consumer-record.ts"
import { Consumers } from "./consumers.ts"
import { declaredIndexes } from "./declared-index.ts"
import type { Engine, EngineContext } from "./engine.ts"
import { StoreError } from "./errors.ts"
import { Expiry } from "./expiry.ts"
import { Feed } from "./feed.ts"
import { reportSafely, reportToConsole } from "./host.ts"
import { KindRules } from "./kinds.ts"
import { liveContext } from "./live.ts"
import { Lives } from "./lives.ts"
import { merged } from "./merging.ts"
import { Pruner } from "./pruner.ts"
import { LiveStoreStatus } from "./status.ts"
import type { StoreOptions } from "./store-options.ts"
import { UnpackingEngine } from "./unpacking.ts"
import { View } from "./view.ts"
import type { WatcherParts } from "./watcher.ts"

/** What a store on an engine is made of. */
export interface StoreParts extends WatcherParts {
  readonly engine: Engine
  readonly stored: Engine
  readonly view: View
  readonly feed: Feed
  readonly commits: Commits
  readonly lives: Lives
  readonly status: LiveStoreStatus
  readonly pruner: Pruner
  readonly expiry: Expiry
  /** Whether this store assigns the sequence. */
  isAuthority(): boolean
}

/**
 * Makes the parts of a store and joins them.
 *
 * @throws StoreError for kinds or options that are none.
 */
export function storeParts(
  stored: Engine,
  {
    clock = systemClock,
    onError = reportToConsole,
    kinds = {},
    strict = false,
    codecs,
    retention = {},
  }: StoreOptions,
): StoreParts {
  const report = (error: unknown) => reportSafely(onError, error)
  const rules = new KindRules(kinds, strict, codecs)
  const { packing } = rules
  const engine = new UnpackingEngine(stored, packing)
  const indexes = declaredIndexes(kinds)
  const context: EngineContext = {
    clock,
    equal: packing.equal,
    merge: (entry, over, mine, theirs) => merged(rules, entry, over, mine, theirs),
    indexes,
    read: packing.readAs,
  }
  const view = new View(engine, packing, context, {
    watches: (kind, key) => lives.watches(kind, key),
    show: (shown) => lives.show(shown),
    lost: (kind) => lives.reload(new Set([kind])),
    pendingChanged: () => status.refresh(),
  })
  const shared = liveContext(clock, report)
  const lives = new Lives(engine, view, packing, shared)
  const status = new LiveStoreStatus(shared, engine, view)
  const isAuthority = () => status.value().connection === "local"
  const commits = new Commits(engine, view, clock)
  const pruner = new Pruner({
    engine,
    kinds,
    clock,
    report,
    options: retention,
    head: () => view.head,
    floor: () => consumersFloor(engine, clock.now()),
  })
  return {
    engine,
    stored,
    context,
    rules,
    view,
    lives,
    status,
    commits,
    feed: new Feed(stored),
    pruner,
    expiry: new Expiry({ engine, commits, clock, report, isAuthority }),
    consumers: new Consumers({ clock, report }),
    isAuthority,
    reaches: (position) => !isAuthority() || run(reaching(stored, position)),
    hold: (position) => pruner.hold(position),
    report,
  }
}

/** Asked of the log: other processes may have written what this one has not been told yet. */
function* reaching(engine: Engine, position: number): Steps<boolean> {
  try {
    return (yield* wait(engine.changes(position - 1, 1))).length > 0
  } catch (error) {
    if (StoreError.is(error, "position_too_old")) return true // It was, and has been let go of.
    throw error
  }
}
