import {
  type KindDefinition,
  type Kinds,
  type Live,
  type Store,
  StoreError,
  type StoreOptions,
  systemClock,
} from "@tidemark/core"
import { checkOptions, openStoreAtOnce, STORE_OPTIONS } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { broadcastChannel } from "./broadcast-channel.ts"
import { Canary } from "./canary.ts"
import { askExport } from "./database-export.ts"
import { DEADLINE } from "./deadlines.ts"
import { type FollowTarget, followOf, schemasOf } from "./follow.ts"
import { Leader } from "./leader.ts"
import { Opening } from "./opening.ts"
import { onPageLife } from "./page-life.ts"
import { startWorker } from "./start-worker.ts"
import { TabChannel } from "./tab-channel.ts"
import { TabEngine } from "./tab-engine.ts"
import { TabState, type TabStatus } from "./tab-state.ts"

export interface BrowserStoreOptions<K extends Kinds = Kinds> extends StoreOptions<K> {
  /** One store for each name in an origin: letters, digits, `-` and `_`. Default `"app"`. */
  readonly name?: string
  /**
   * What of the store this tab follows: kinds, or parts of them, each kind once; all of it when not
   * given. With `{ kind, hold: false }` a kind stays in the worker, and the tab has what it shows.
   */
  readonly follow?: readonly (string | FollowTarget)[]
  /** What an acknowledged write survives. Default `"full"`: a power cut too; `"process"`: the end of the browser. */
  readonly durability?: "full" | "process"
  /** `"memory"`: where the browser has no storage for us, go on with a store of this tab alone, which ends with it. */
  readonly fallback?: "memory"
  /** Whether to ask the browser not to evict the storage when space is short. Default true. */
  readonly persist?: boolean
  /** How long to wait for storage that somebody else holds, in milliseconds. Default 5,000. */
  readonly patience?: number
  /** Starts the worker, where the bundler wants it another way. */
  readonly createWorker?: () => Worker
  /** Random numbers from 0 to 1 for the spread of retries. */
  readonly random?: () => number
}

/** The store of all tabs, as one of them has it. */
export type BrowserStore<K extends Kinds = Kinds> = Store<K> & {
  /** What this tab knows of the storage, live. */
  readonly tab: Live<TabStatus>
  /**
   * A copy of the whole database, as a SQLite file; from any tab.
   * @throws StoreError `storage_unavailable` when no tab has it open, `unsupported` in memory.
   */
  exportDatabase(): Promise<Uint8Array<ArrayBuffer>>
}

/**
 * Opens the store that all tabs of an origin share, without a server: SQLite on the origin private
 * file system, kept by the worker of one tab, the leader. When that tab closes, freezes or dies,
 * another one takes over; writes that were on their way are sent again, each applied once.
 *
 * @example
 * const store = await openBrowserStore({ name: "notes", kinds })
 * @throws StoreError `storage_unavailable` with `details.reason`: `"unsupported"`, `"private"`,
 * `"locked"`, `"full"` or `"failed"`; `corrupt`; `unsupported` for kinds with a codec or a version.
 */
export async function openBrowserStore<K extends Kinds = Kinds>(
  options: BrowserStoreOptions<K> = {},
): Promise<BrowserStore<K>> {
  checkOptions("openBrowserStore()", options, BROWSER_OPTIONS)
  const { name = "app" } = options
  if (!/^[\w-]{1,100}$/.test(name)) {
    throw new StoreError("invalid_key", `${JSON.stringify(name)} cannot name a browser's store`, {
      details: { name },
      hint: "Use letters, digits, - and _",
    })
  }
  const kinds = keptOf(options.kinds ?? {})
  try {
    checkSupport()
    return await openShared(name, kinds, options)
  } catch (error) {
    if (options.fallback !== "memory" || !StoreError.is(error, "storage_unavailable")) throw error
    const state = new TabState(options.onError ?? reportUncaught)
    state.failed(error)
    state.alone()
    // Not its openStore(), which knows nothing of what else these options say.
    const store = openStoreAtOnce(new MemoryEngine(), options)
    return Object.assign(store, { tab: state.live, exportDatabase: noDatabase })
  }
}

async function openShared<K extends Kinds>(
  name: string,
  kinds: ReturnType<typeof keptOf>,
  options: BrowserStoreOptions<K>,
): Promise<BrowserStore<K>> {
  const { durability = "full", retention = {}, patience = 5_000, persist = true } = options
  const { createWorker = startWorker, onError = reportUncaught } = options
  const { clock = systemClock, random = Math.random } = options
  const address = `tidemark:${name}`
  const state = new TabState(onError)
  const canary = new Canary(address)
  const channel = new TabChannel(broadcastChannel(address))
  const opening = new Opening(clock, patience)
  const leader = new Leader({
    store: {
      name: address,
      directory: `tidemark-store-${name}`,
      durability,
      retention,
      kinds,
      patience,
    },
    createWorker,
    clock,
    random,
    elected: () => channel.await(),
    leads(facts, own) {
      if (canary.note(facts.epoch)) state.evicted()
      state.leads(true)
      channel.lead(own)
    },
    resigned() {
      state.leads(false)
      channel.follow()
    },
    failed(error) {
      state.failed(error)
      opening.refuse(error)
    },
    report: onError,
  })
  const engine = new TabEngine(
    {
      channel,
      follow: followOf(options.follow),
      schemas: schemasOf(kinds),
      storage: undefined,
      deadline: DEADLINE,
      clock,
      random,
      onProgress: () => opening.heard(),
      onRefused: undefined,
    },
    durability,
    async () => {
      stopListening()
      await leader.resign()
      state.close()
    },
  )
  const store = openStoreAtOnce(engine, options)
  state.follow(store.status)
  const stopListening = onPageLife({
    pause() {
      leader.stepDown()
      channel.pause()
    },
    resume() {
      opening.heard()
      channel.resume()
      leader.stand()
    },
  })
  leader.stand()
  try {
    // Any read waits for the first state.
    await opening.until(store.count("tidemark"))
  } catch (error) {
    await store.close()
    throw error
  }
  if (persist) askToPersist().then((is) => state.persisted(is), onError)
  const exportDatabase = () => askExport(address, clock)
  return Object.assign(store, { tab: state.live, exportDatabase })
}

/** @throws StoreError `storage_unavailable` where the browser, or this page of it, lacks what it takes. */
function checkSupport(): void {
  const missing = [
    ["private file system", navigator.storage?.getDirectory],
    ["Web Locks", navigator.locks],
    ["BroadcastChannel", globalThis.BroadcastChannel],
    ["workers", globalThis.Worker],
  ].find(([, part]) => part === undefined)
  if (missing === undefined) return
  throw new StoreError("storage_unavailable", `This page has no ${missing[0]}`, {
    details: { reason: "unsupported" },
    hint: "Serve it from localhost or over HTTPS, to a newer browser",
  })
}

/**
 * What the worker must know of kinds. It has no functions of the application: nothing that it
 * stores may need one to be read.
 */
function keptOf(
  kinds: Kinds,
): Readonly<Record<string, Pick<KindDefinition, "history" | "indexes">>> {
  const kept: Record<string, Pick<KindDefinition, "history" | "indexes">> = {}
  for (const [name, { codec, version = 1, history, indexes }] of Object.entries(kinds)) {
    if (codec !== undefined || version > 1) {
      throw new StoreError("unsupported", `A browser's store cannot keep ${name} yet`, {
        details: { kind: name },
        hint: "Leave out its codec and its schema version",
      })
    }
    if (history === undefined && indexes === undefined) continue
    kept[name] = {
      ...(history === undefined ? {} : { history }),
      ...(indexes === undefined ? {} : { indexes }),
    }
  }
  return kept
}

async function noDatabase(): Promise<never> {
  throw new StoreError("unsupported", "A store in memory has no database to export", {
    hint: "Use dump()",
  })
}

/** The browser's own function wants to be called as one of the page, not as one of the options. */
function reportUncaught(error: unknown): void {
  reportError(error)
}

/** Asks the browser to keep the storage; whether it will. */
async function askToPersist(): Promise<boolean> {
  return (await navigator.storage.persisted()) || navigator.storage.persist()
}

const BROWSER_OPTIONS: readonly string[] = [
  ...STORE_OPTIONS,
  "name",
  "follow",
  "durability",
  "fallback",
  "persist",
  "patience",
  "createWorker",
  "random",
]
