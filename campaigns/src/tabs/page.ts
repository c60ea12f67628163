// Runs in each tab: what the campaign asks of it.
import { type BrowserStore, openBrowserStore } from "@tidemark/sync/browser"

/** What the campaign can ask of a tab. */
export interface Hand {
  open(name: string): Promise<void>
  /** Writes under some keys at once, one write after the other under each, until told to stop. */
  start(keys: readonly string[]): void
  /** Stops, when everything that was written is acknowledged. */
  stop(): Promise<void>
  /** Resolves when a write that begins now is acknowledged. */
  probe(): Promise<void>
  /** How many of them the store has. */
  probes(): Promise<number>
  /** The database, byte by byte. */
  database(): Promise<readonly number[]>
  role(): string
  status(): { readonly evicted: boolean; readonly connection: string }
  killWorker(): void
  /** What the store has: keys, with value and version. */
  counts(): Promise<readonly (readonly [key: string, value: number, version: number])[]>
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
let worker: Worker | undefined
let going = false
let writing: readonly Promise<void>[] = []
let probed = 0

window.hand = {
  async open(name) {
    const createWorker = () => {
      worker = new Worker(new URL("./opfs-worker.js", location.href), { type: "module" })
      return worker
    }
    store = await openBrowserStore({ name, createWorker })
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
  probes: () => store.count("probes"),
  database: async () => Array.from(await store.exportDatabase()),
  role: () => store.tab.get().role,
  status: () => ({
    evicted: store.tab.get().evicted,
    connection: store.status.get().connection,
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
