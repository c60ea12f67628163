import type { Engine } from "../engine.ts"
import { host } from "../host.ts"

/** The same engine, but every answer comes a macrotask later: as from a server. */
export function answeringLater(engine: Engine): Engine {
  const later =
    <A extends unknown[], R>(method: (...parameters: A) => R) =>
    async (...parameters: A): Promise<Awaited<R>> => {
      await new Promise<void>((resolve) => host.setTimeout(resolve, 0))
      return await method.apply(engine, parameters)
    }
  let queue: Promise<unknown> = Promise.resolve()
  return {
    name: `${engine.name}, answering later`,
    storage: engine.storage,
    durability: engine.durability,
    gaps: engine.gaps,
    open: later(engine.open),
    // Calls are applied in the order in which they were made.
    commit(batches) {
      const done = queue.then(() => later(engine.commit)(batches))
      queue = done.catch(() => {})
      return done
    },
    ingest: later(engine.ingest),
    place: later(engine.place),
    row: later(engine.row),
    scan: later(engine.scan),
    count: later(engine.count),
    seek: later(engine.seek),
    tally: later(engine.tally),
    kinds: later(engine.kinds),
    snapshot: later(engine.snapshot),
    usage: later(engine.usage),
    expiring: later(engine.expiring),
    changes: later(engine.changes),
    since: later(engine.since),
    history: later(engine.history),
    prune: later(engine.prune),
    check: later(engine.check),
    backup: later(engine.backup),
    close: later(engine.close),
  }
}
