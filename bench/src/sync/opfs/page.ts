import { task, taskKey, tasks } from "../../task.ts"
import type { Side } from "./side.ts"
import { dexie } from "./sides/dexie.ts"
import { raw } from "./sides/raw.ts"
import { tidemark } from "./sides/tidemark.ts"
import { tinybase } from "./sides/tinybase.ts"

/** All that keep tasks, by what they are called in the page's address. */
const sides: Readonly<Record<string, Side>> = {
  "raw-full": raw("FULL"),
  "tidemark-full": tidemark("full"),
  "dexie-full": dexie("strict"),
  "raw-process": raw("NORMAL"),
  "tidemark-process": tidemark("process"),
  "dexie-process": dexie("relaxed"),
  tinybase,
}

declare global {
  interface Window {
    /** What the page can be asked; times are in milliseconds. */
    readonly stores: typeof stores
  }
}

const stores = {
  /** Writes one after the other, then all at once, into a new store; leaves rows for `first`. */
  async write(side: string, { sets, burst, rows }: { sets: number; burst: number; rows: number }) {
    const store = await sideOf(side).open(`${side}-new`)
    for (let n = 0; n < sets / 10; n++) await store.set(taskKey(n), task(n + 1)) // Warms up.
    const singles: number[] = []
    for (let n = 0; n < sets; n++) {
      singles.push(await timed(() => store.set(taskKey(n % 100), task(n))))
    }
    const burstMs = await timed(() => store.setAll(tasks(burst)))
    if ((await store.get(taskKey(burst - 1)))?.title !== task(burst - 1).title) throw lost(side)
    await store.close()
    const next = await sideOf(side).open(`${side}-next`)
    await next.setAll(tasks(rows))
    await next.close()
    return { singles, burstMs }
  },

  /** Opens what `write` has left, in a page of its own, and reads one entry. */
  async first(side: string, rows: number): Promise<number> {
    let found: unknown
    const ms = await timed(async () => {
      const store = await sideOf(side).open(`${side}-next`)
      found = await store.get(taskKey(rows - 1))
    })
    if ((found as { title?: string } | undefined)?.title !== task(rows - 1).title) throw lost(side)
    return ms
  },
}
Object.assign(window, { stores })

function sideOf(name: string): Side {
  const side = sides[name]
  if (side === undefined) throw new Error(`There is no ${name} here`)
  return side
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

function lost(side: string): Error {
  return new Error(`${side} has lost what it said to keep`)
}
