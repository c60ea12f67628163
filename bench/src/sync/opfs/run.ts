import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { createRequire } from "node:module"
import { tmpdir } from "node:os"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import { chromium } from "playwright"
import { launchOptions } from "../../../../scripts/setup/browser.mjs"
import { bundleForPage } from "../../bundle.ts"
import { median } from "../../measure.ts"
import { type Files, pageOf, serveFiles } from "../../pages.ts"
import { type Percentiles, percentilesOf } from "../percentiles.ts"
import type { SyncScale } from "../scale.ts"
import type {} from "./page.ts"

/** Who keeps tasks in the browser, and what a write survives once it says that it is kept. */
export const SIDES = [
  { side: "raw-full", name: "sqlite-wasm in a worker", durability: "full" },
  { side: "tidemark-full", name: "Tidemark", durability: "full" },
  { side: "dexie-full", name: "Dexie", durability: "full" },
  { side: "raw-process", name: "sqlite-wasm in a worker", durability: "process" },
  { side: "tidemark-process", name: "Tidemark", durability: "process" },
  { side: "dexie-process", name: "Dexie", durability: "process" },
  { side: "tinybase", name: "TinyBase", durability: "process" },
] as const

/** What one of them came to. */
export interface Kept {
  readonly name: string
  readonly durability: "full" | "process"
  readonly single: Percentiles
  /** Milliseconds of the medians of the rounds. */
  readonly burstMs: number
  readonly firstMs: number
}

export interface InBrowser {
  readonly chromium: string
  readonly kept: readonly Kept[]
}

/** Measures stores that keep what they are told, in real Chromium on a real disk, in turns. */
export async function measureInBrowser(
  { sets, burst, rows, rounds }: SyncScale,
  progress: (text: string) => void,
): Promise<InBrowser> {
  const served = await serveFiles(await filesOf())
  const samples = SIDES.map(() => ({
    singles: [] as number[],
    bursts: [] as number[],
    firsts: [] as number[],
  }))
  let version = ""
  try {
    for (let round = 0; round < rounds; round++) {
      const profile = mkdtempSync(join(tmpdir(), "tidemark-bench-"))
      // A profile, so that storage is on the disk and not in the browser's memory.
      const context = await chromium.launchPersistentContext(profile, launchOptions(process.env))
      version = context.browser()?.version() ?? version
      const visit = async <T>(
        work: (page: Awaited<ReturnType<typeof context.newPage>>) => Promise<T>,
      ) => {
        const page = await context.newPage()
        await page.goto(`${served.url}page`)
        const result = await work(page)
        await page.close()
        return result
      }
      try {
        for (let turn = 0; turn < SIDES.length; turn++) {
          // Another one is first each time.
          const place = (turn + round) % SIDES.length
          const { side, name, durability } = SIDES[place] as (typeof SIDES)[number]
          progress(`in the browser, round ${round + 1} of ${rounds}: ${name}, ${durability}`)
          const { singles, burstMs } = await visit((page) =>
            page.evaluate(([one, scale]) => window.stores.write(one, scale), [
              side,
              { sets, burst, rows },
            ] as const),
          )
          const firstMs = await visit((page) =>
            page.evaluate(([one, count]) => window.stores.first(one, count), [side, rows] as const),
          )
          samples[place]?.singles.push(...singles)
          samples[place]?.bursts.push(burstMs)
          samples[place]?.firsts.push(firstMs)
        }
      } finally {
        await context.close()
        rmSync(profile, { recursive: true, force: true })
      }
    }
  } finally {
    served.close()
  }
  const kept = SIDES.map(({ name, durability }, place): Kept => {
    const { singles = [], bursts = [], firsts = [] } = samples[place] ?? {}
    const single = percentilesOf(singles)
    return { name, durability, single, burstMs: median(bursts), firstMs: median(firsts) }
  })
  return { chromium: version, kept }
}

async function filesOf(): Promise<Files> {
  const script = { type: "text/javascript" }
  const [page, rawWorker] = await Promise.all([bundle("page.ts"), bundle("raw-worker.ts")])
  const sync = dirname(fileURLToPath(import.meta.resolve("@tidemark/sync/worker")))
  const wasm = createRequire(import.meta.url).resolve("@sqlite.org/sqlite-wasm/sqlite3.wasm")
  return new Map<string, { type: string; body: string | Buffer }>([
    ["page", pageOf("page.js")],
    ["page.js", { ...script, body: page }],
    ["raw-worker.js", { ...script, body: rawWorker }],
    ["opfs-worker.js", { ...script, body: readFileSync(join(sync, "opfs-worker.js")) }],
    ["sqlite3.wasm", { type: "application/wasm", body: readFileSync(wasm) }],
  ])
}

function bundle(entry: string): Promise<string> {
  return bundleForPage({ entryPoints: [join(import.meta.dirname, entry)] })
}
