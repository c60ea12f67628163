import { loadavg } from "node:os"
import { describeHost, type Host } from "../machine.ts"
import { type Bench, openBench, type Tab } from "./browser.ts"
import { bundleAll, libraries, versions } from "./libraries.ts"
import type { Renders } from "./line.tsx"
import { type Operation, operationsOf } from "./operations.ts"
import { type Spread, spreadOf } from "./spread.ts"

/** How much is measured. */
export interface ReactScale {
  /** Rows of the usual table. */
  readonly size: number
  readonly rounds: number
  /**
   * Whether each operation has new pages, in which the code is made warm and measured several
   * times; else a page does each once.
   */
  readonly thorough: boolean
}

/** What `pnpm bench:react` measures. */
export const FULL: ReactScale = { size: 1_000, rounds: 6, thorough: true }

/** What one operation came to with one library. */
export interface ReactMeasured {
  readonly library: string
  /** Milliseconds from the click until the page was painted. */
  readonly painted: Spread
  /** Milliseconds that a processor was at work for the main thread meanwhile. */
  readonly work: Spread
  /** Those of them that were script. */
  readonly script: Spread
  readonly renders: Renders
}

/** Everything one run has found. */
export interface ReactResults {
  readonly date: string
  readonly host: Host
  readonly chromium: string
  readonly versions: readonly string[]
  /** What else the machine had to do: its load in the last minute, before and after. */
  readonly load: readonly [before: number, after: number]
  readonly seed: number
  readonly scale: ReactScale
  /** The operations, each with all libraries. */
  readonly operations: readonly { readonly what: string; readonly of: readonly ReactMeasured[] }[]
}

interface Sample {
  readonly painted: number
  readonly work: number
  readonly script: number
  readonly renders: Renders
}

/**
 * Does each operation with each library in a real browser, in turns, so that what disturbs the
 * machine disturbs all.
 *
 * @throws when a library does not show what it must.
 */
export async function runReact(options: {
  readonly scale: ReactScale
  readonly seed: number
  progress(text: string): void
  /** Takes what was found so far after each round, so that a long run may be ended early. */
  keep?(results: ReactResults): void
}): Promise<ReactResults> {
  const { scale, seed, progress, keep } = options
  const date = new Date().toISOString()
  const [before = 0] = loadavg()
  const bench = await openBench(await bundleAll(scale.size, seed))
  try {
    const operations = operationsOf(scale.size, seed)
    const samples = operations.map(() => libraries.map((): Sample[] => []))
    const found = (rounds: number): ReactResults => ({
      date,
      host: describeHost(),
      chromium: bench.version,
      versions: versions(),
      load: [before, loadavg()[0] ?? 0],
      seed,
      scale: { ...scale, rounds },
      operations: operations.map(({ what }, index) => ({
        what,
        of: libraries.map(({ name }, place) => measured(name, samples[index]?.[place] ?? [])),
      })),
    })
    const all = [...operations.keys()]
    const groups = scale.thorough ? all.map((index) => [index]) : [all]
    for (let round = 0; round < scale.rounds; round++) {
      for (const [number, group] of groups.entries()) {
        progress(`round ${round + 1} of ${scale.rounds}, ${number + 1} of ${groups.length}`)
        for (let turn = 0; turn < libraries.length; turn++) {
          // Another one is first each time.
          const place = (turn + round + number) % libraries.length
          const taken = await visit(bench, libraries[place]?.app ?? "", group, operations, scale)
          for (const [index, sample] of taken) samples[index]?.[place]?.push(sample)
        }
      }
      keep?.(found(round + 1))
    }
    return found(scale.rounds)
  } finally {
    await bench.close()
  }
}

/** Measures operations in a new page of one library. */
async function visit(
  bench: Bench,
  app: string,
  group: readonly number[],
  operations: readonly Operation[],
  { thorough }: ReactScale,
): Promise<readonly (readonly [index: number, sample: Sample])[]> {
  const tab = await bench.open(app)
  const taken: [number, Sample][] = []
  try {
    for (const index of group) {
      const { warmUps, samples } = operations[index] as Operation
      for (let left = thorough ? warmUps : 0; left > 0; left--) await sampleOf(tab, index)
      for (let left = thorough ? samples : 1; left > 0; left--) {
        taken.push([index, await sampleOf(tab, index)])
      }
    }
  } catch (error) {
    throw new Error(`The table of ${app} has failed`, { cause: error })
  } finally {
    await tab.close()
  }
  return taken
}

async function sampleOf({ page, work }: Tab, index: number): Promise<Sample> {
  await page.evaluate((operation) => window.bench.prepare(operation), index)
  const before = await work()
  const painted = await page.evaluate(() => window.bench.run())
  const after = await work()
  return {
    painted,
    work: after.all - before.all,
    script: after.script - before.script,
    renders: await page.evaluate(() => window.bench.check()),
  }
}

function measured(library: string, samples: readonly Sample[]): ReactMeasured {
  const most = (count: (renders: Renders) => number) =>
    Math.max(...samples.map(({ renders }) => count(renders)))
  return {
    library,
    painted: spreadOf(samples.map(({ painted }) => painted)),
    work: spreadOf(samples.map(({ work }) => work)),
    script: spreadOf(samples.map(({ script }) => script)),
    renders: { lines: most(({ lines }) => lines), lists: most(({ lists }) => lists) },
  }
}
