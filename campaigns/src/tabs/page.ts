// Runs in each tab: what the campaign asks of it.
import { StoreError } from "@tidemark/core"
import {
  type BrowserStore,
  type BrowserStoreOptions,
  openBrowserStore,
} from "@tidemark/sync/browser"
import type { Count } from "./acknowledged.ts"

/** What the campaign can ask of a tab. */
export interface Hand {
  open(name: string, options?: Pick<BrowserStoreOptions, "durability">): Promise<void>
  /** Whether this very page has opened its store. */
  isOpen(): boolean
  /** Why a store cannot be opened; `"none"` when it can. */
  refusal(name: string): Promise<unknown>
  /** Writes under some keys at once, one write after the other under each, until told to stop. */
  start(keys: readonly string[]): void
  /** Stops, when everything that was written is acknowledged. */
  stop(): Promise<void>
  /** Resolves when a write that begins now is acknowledged. */
  probe(): Promise<void>
  /** Writes so many characters; resolves when they are acknowledged. */
  fill(length: number): Promise<void>
  /** How many probes the store has. */
  probes(): Promise<number>
  /** The database, byte by byte. */
  database(): Promise<readonly number[]>
  role(): string
  status(): {
    readonly evicted: boolean
    readonly connection: string
    /** Why the storage cannot be used just now. */
    readonly reason: unknown
  }
  killWorker(): void
  /** What the store has: keys, with value and version. */
  counts(): Promise<readonly Count[]>
}

declare global {
  interface Window {
    hand: Hand
    /** Tells the campaign that a write is acknowledged. */
    told(key: string, value: number): Promise<void>
  }
}

const KIND = "counts"
let store: BrowserStore
let opened = false
let worker: Worker | undefined
let going = false
let writing: readonly Promise<void>[] = []
let probed = 0

window.hand = {
  async open(name, options) {
    const createWorker = () => {
      worker = new Worker(new URL("./opfs-worker.js", location.href), { type: "module" })
      return worker
    }
    store = await openBrowserStore({ name, createWorker, ...options })
    opened = true
  },
  isOpen: () => opened,
  async refusal(name) {
    try {
      await openBrowserStore({ name })
      return "none"
    } catch (error) {
      return StoreError.is(error) ? error.details.reason : String(error)
    }
  },
  start(keys) {
    going = true
    writing = keys.map(write)
  },
  async stop() {
    going = false
    await Promise.all(writing)
  },
  async probe() {
    await store.set("probes", crypto.randomUUID(), ++probed)
  },
  async fill(length) {
    await store.set("filling", crypto.randomUUID(), "x".repeat(length))
  },
  probes: () => store.count("probes"),
  database: async () => Array.from(await store.exportDatabase()),
  role: () => store.tab.get().role,
  status: () => ({
    evicted: store.tab.get().evicted,
    connection: store.status.get().connection,
    reason: store.tab.get().failure?.details?.reason,
  }),
  killWorker: () => worker?.terminate(),
  async counts() {
    const entries = await store.list(KIND)
    return entries.map(({ key, value, version }) => [key, value as number, version] as const)
  },
}

/** Each batch moves the version by two: one that applied twice, or not, shows for ever. */
async function write(key: string): Promise<void> {
  for (let value = 1; going; value++) {
    const set = { type: "set", kind: KIND, key, value } as const
    await store.commit({ ops: [{ type: "delete", kind: KIND, key }, set] })
    await window.told(key, value)
  }
}
