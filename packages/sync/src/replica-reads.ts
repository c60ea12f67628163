import type {
  Awaitable,
  CheckReport,
  Engine,
  KindRange,
  KindsMoment,
  Moment,
  Pruned,
  Range,
  Retention,
  Row,
  Snapshot,
  Usage,
} from "@tidemark/core/engine"
import type { Base } from "./base.ts"

/** What of the engine's port a replica answers from its base, as soon as it has one. */
export abstract class ReplicaReads {
  protected abstract readonly base: Base

  row(kind: string, key: string, at?: number): Awaitable<Row | undefined> {
    return this.base.read((engine) => engine.row(kind, key, at))
  }

  scan(kind: string, range: Range): Awaitable<readonly Row[]> {
    return this.base.read((engine) => engine.scan(kind, range))
  }

  count(kind: string, moment: Moment): Awaitable<number> {
    return this.base.read((engine) => engine.count(kind, moment))
  }

  /** The base is in memory, which keeps no indexes. */
  seek(): ReturnType<Engine["seek"]> {
    return undefined
  }

  tally(): ReturnType<Engine["tally"]> {
    return undefined
  }

  kinds(moment: KindsMoment): Awaitable<readonly string[]> {
    return this.base.read((engine) => engine.kinds(moment))
  }

  snapshot(kinds?: readonly string[] | KindRange): Awaitable<Snapshot> {
    return this.base.read((engine) => engine.snapshot(kinds))
  }

  usage(scope: string, now: number): Awaitable<Usage> {
    return this.base.read((engine) => engine.usage(scope, now))
  }

  expiring(limit: number): Awaitable<readonly Row[]> {
    return this.base.read((engine) => engine.expiring(limit))
  }

  changes(after: number, limit: number): ReturnType<Engine["changes"]> {
    return this.base.read((engine) => engine.changes(after, limit))
  }

  since(after: number, limit: number): ReturnType<Engine["since"]> {
    return this.base.read((engine) => engine.since(after, limit))
  }

  history(kind: string, key: string, limit: number): ReturnType<Engine["history"]> {
    return this.base.read((engine) => engine.history(kind, key, limit))
  }

  prune(retention: Retention): Pruned {
    return this.base.engine.prune(retention)
  }

  check(): Awaitable<CheckReport> {
    return this.base.engine.check()
  }

  backup(): never {
    return this.base.engine.backup()
  }
}
