import type { Clock, Store } from "@tidemark/core"
import {
  type Engine,
  type EngineContext,
  type EngineListener,
  openStoreAtOnce,
} from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"

/** A store that follows an authority, as far as a test lets it. */
export interface Follower {
  readonly store: Store
  /** Moves to a position of the authority, in one step. */
  follow(to: number): Promise<void>
  /** Lets the reads of entries through, or lets them fail. */
  release(failure?: Error): void
  /** How many reads of entries there were. */
  reads(): number
}

/** How a follower begins. */
export interface FollowerOptions {
  /** The position that it has reached. */
  readonly at?: number
  /** The position of the snapshot that it began with; what was before is not in its log. */
  readonly snapshotAt?: number
  /** Whether its reads wait for `release`. */
  readonly held?: boolean
  readonly clock?: Clock
}

/** Opens a follower of an authority. */
export async function openFollower(
  authority: Store,
  { snapshotAt = 0, at = snapshotAt, held = false, clock }: FollowerOptions = {},
): Promise<Follower> {
  const engine = new MemoryEngine()
  const { promise: released, resolve, reject } = Promise.withResolvers<void>()
  let waiting = held
  let reads = 0
  let listener: EngineListener | undefined
  const port = new Proxy<Engine>(engine, {
    get(_, name: keyof Engine) {
      const member = engine[name]
      if (typeof member !== "function") return member
      const method = member.bind(engine) as (...given: unknown[]) => unknown
      if (name === "open") {
        return (given: EngineListener, context: EngineContext) => {
          listener = given
          return engine.open(given, context)
        }
      }
      if (name !== "row" && name !== "scan") return method
      return (...given: unknown[]) => {
        reads++
        return waiting ? released.then(() => method(...given)) : method(...given)
      }
    },
  })
  const changesUntil = async (after: number, to: number) => {
    const changes = await authority.changes({ after, limit: to - after })
    const part = { epoch: authority.epoch, to, changes }
    engine.ingest(part)
    return part
  }
  const rows = snapshotAt === 0 ? [] : (await authority.snapshot()).entries
  engine.ingest({ epoch: authority.epoch, to: snapshotAt, changes: [], reset: { rows } })
  await changesUntil(snapshotAt, at)
  const store = openStoreAtOnce(port, { onError: () => {}, ...(clock && { clock }) })
  return {
    store,
    async follow(to) {
      listener?.advance({ ...(await changesUntil(store.position, to)), settled: [] })
    },
    reads: () => reads,
    release(failure) {
      waiting = failure !== undefined
      if (failure === undefined) resolve()
      else reject(failure)
    },
  }
}
