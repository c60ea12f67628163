import type { Kinds } from "../kinds.ts"
import { openStoreAtOnce } from "../open.ts"
import type { Store } from "../store.ts"
import type { StoreOptions } from "../store-options.ts"
import { type Fault, type FaultOptions, Faults } from "./fault.ts"
import { type Seed, seedOps } from "./seed.ts"
import { TestClock } from "./test-clock.ts"
import { TestAuthority, TestEngine } from "./test-engine.ts"
import { type Latency, TestLink } from "./test-link.ts"

/** How a test store begins. */
export interface TestStoreOptions<K extends Kinds = Kinds> extends StoreOptions<K> {
  /** Its time, for several stores the same. Default: a clock of its own. */
  readonly clock?: TestClock
  /** What is in it. */
  readonly seed?: Seed<K>
  /** How long reads and writes take, in milliseconds of the clock. Default 0. */
  readonly latency?: Latency
  /** How the first writes fail, one each. */
  readonly faults?: readonly Fault[]
  /** Whether it begins without a link. */
  readonly offline?: boolean
}

/** A store for a test, and what only a test can do to it. Nothing of it takes real time. */
export interface TestStore<K extends Kinds = Kinds> extends AsyncDisposable {
  /** What is tested uses this one. */
  readonly store: Store<K>
  /** Its time, which stands still until a test lets it pass. */
  readonly clock: TestClock
  /**
   * The store at the other end of the link: what others write, on a server or in another window,
   * and what has really arrived.
   */
  readonly others: Store<K>
  /** What was thrown where nobody hears it, as by a handler of a watch. */
  readonly reported: readonly unknown[]
  /** How long reads and writes take from now on. */
  latency(latency: Latency): void
  /** Lets the next write fail, or those that the options say. Each failed write is taken back. */
  fail(fault: Fault, options?: FaultOptions): void
  /** Forgets all faults that are still to come. */
  mend(): void
  /** Cuts the link: writes show as pending, and what others write does not come. */
  offline(): void
  /** Restores the link. Resolves when what was on its way has arrived, as far as that takes no time. */
  online(): Promise<void>
  /** Ends both stores; what is on its way is given up with `closed`. */
  close(): Promise<void>
}

/**
 * Makes a store for tests: in memory, on a clock that a test moves, with failures, delays and a
 * link that a test cuts. Everything else is as in any store, such as validation.
 *
 * @throws StoreError for a seed that does not fit.
 * @example
 * const { store, clock, fail } = createTestStore({ kinds, seed: { tasks: { 1: task } }, latency: 50 })
 * const saved = store.set("tasks", "1", { ...task, done: true })
 * await clock.pass(50)
 * await saved
 */
export function createTestStore<const K extends Kinds = Kinds>(
  options: TestStoreOptions<K> = {},
): TestStore<K> {
  const { clock = new TestClock(), seed, latency = 0, faults = [], offline = false } = options
  const reported: unknown[] = []
  const onError = (error: unknown) => {
    reported.push(error)
    options.onError?.(error)
  }
  const storeOptions = { ...options, clock, onError }
  const authority = new TestAuthority()
  const others = openStoreAtOnce(authority, storeOptions)
  if (seed !== undefined) plant(authority, seedOps(seed, options, clock.now()), clock.now())

  const link = new TestLink(clock)
  link.latency = latency
  if (offline) link.cut()
  const failures = new Faults()
  for (const fault of faults) failures.add(fault)
  const { epoch } = others
  const engine = new TestEngine({ authority, epoch, clock, link, faults: failures })
  const store = openStoreAtOnce(engine, storeOptions)
  const close = async () => {
    link.end()
    await store.close()
    await others.close()
  }
  return {
    store,
    clock,
    others,
    reported,
    latency(changed) {
      link.latency = changed
    },
    fail: (fault, where) => failures.add(fault, where),
    mend: () => failures.clear(),
    offline() {
      link.cut()
      engine.connection("offline")
    },
    async online() {
      link.restore()
      engine.connection("live")
      await clock.pass(0)
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

function plant(authority: TestAuthority, ops: ReturnType<typeof seedOps>, at: number): void {
  const [outcome] = authority.commit([{ id: 0, at, ops }])
  if (outcome?.applied === false) throw outcome.error
}
