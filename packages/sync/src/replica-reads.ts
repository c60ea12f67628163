import type { Query } from "@tidemark/core"
import {
  type Awaitable,
  type CheckReport,
  type Engine,
  isList,
  type KindRange,
  type KindsMoment,
  type Moment,
  type Position,
  type Pruned,
  type Range,
  type Retention,
  type Row,
  type SeekPage,
  type Snapshot,
  tooOld,
  type Usage,
} from "@tidemark/core/engine"
import type { Base } from "./base.ts"
import type { Unheld } from "./unheld.ts"

/**
 * What of the engine's port a replica answers from its base, as soon as it has one, and what it asks
 * of its authority because it does not hold it.
 */
export abstract class ReplicaReads {
  protected abstract readonly base: Base
  protected abstract readonly unheld: Unheld

  place(): Awaitable<Position> {
    return this.base.read((engine) => engine.place())
  }

  row(kind: string, key: string, at?: number): Awaitable<Row | undefined> {
    if (this.unheld.has(kind)) return this.unheld.row(kind, key, at)
    return this.base.read((engine) => engine.row(kind, key, at))
  }

  scan(kind: string, range: Range): Awaitable<readonly Row[]> {
    if (this.unheld.has(kind)) return this.unheld.scan(kind, range)
    return this.base.read((engine) => engine.scan(kind, range))
  }

  count(kind: string, moment: Moment): Awaitable<number> {
    if (this.unheld.has(kind)) return this.unheld.count(kind, {}, moment)
    return this.base.read((engine) => engine.count(kind, moment))
  }

  /** The base is in memory, which keeps no indexes; the authority may have some. */
  seek(kind: string, query: Query, page: SeekPage): ReturnType<Engine["seek"]> {
    return this.unheld.has(kind) ? this.unheld.seek(kind, query, page) : undefined
  }

  tally(kind: string, query: Query): ReturnType<Engine["tally"]> {
    return this.unheld.has(kind) ? this.unheld.count(kind, query, {}) : undefined
  }

  kinds(moment: KindsMoment): Awaitable<readonly string[]> {
    const held = () => this.base.read((engine) => engine.kinds(moment))
    return this.unheld.kinds.length === 0 ? held() : this.unheld.allKinds(moment, held)
  }

  snapshot(kinds?: readonly string[] | KindRange): Awaitable<Snapshot> {
    const asked = this.unheld.kindsOf(kinds)
    if (asked.length === 0) return this.base.read((engine) => engine.snapshot(kinds))
    const rest = isList(kinds) ? kinds.filter((kind) => !asked.includes(kind)) : kinds
    return this.unheld.snapshot(asked, () => this.base.engine.snapshot(rest))
  }

  usage(scope: string, now: number): Awaitable<Usage> {
    return this.base.read((engine) => engine.usage(scope, now))
  }

  expiring(limit: number): Awaitable<readonly Row[]> {
    return this.base.read((engine) => engine.expiring(limit))
  }

  changes(after: number, limit: number): ReturnType<Engine["changes"]> {
    // The base has not all of them.
    if (this.unheld.kinds.length > 0) return this.unheld.changes(after, limit)
    return this.base.read((engine) => engine.changes(after, limit))
  }

  since(after: number, limit: number): ReturnType<Engine["since"]> {
    if (this.unheld.kinds.length > 0) throw tooOld(after, this.base.position)
    return this.base.read((engine) => engine.since(after, limit))
  }

  history(kind: string, key: string, limit: number): ReturnType<Engine["history"]> {
    if (this.unheld.has(kind)) return this.unheld.history(kind, key, limit)
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
