import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openStore } from "@tidemark/core/better-sqlite3"
import { checkPages, follow } from "../inspect.ts"
import { Fault, Ledger } from "../ledger.ts"
import { contentOf, originText } from "../origin.ts"
import { Random } from "../random.ts"
import { Disk, type Image, type Mood } from "./disk.ts"
import { buildTracer, record } from "./record.ts"
import type { Operation } from "./trace.ts"

export interface PowerLossOptions {
  /** How many crashes are played. */
  readonly images: number
  readonly durability: "full" | "process"
  readonly seed: number
  /** A disk that says it has synced and has not: to see that it is found out. Default `false`. */
  readonly lying?: boolean
  /** Told after each image. */
  progress(report: PowerLossReport): void
}

export interface PowerLossReport {
  readonly images: number
  /** Images without something that had been acknowledged. */
  readonly lossy: number
  /** The most acknowledged batches that one image was without. */
  readonly mostLost: number
  /** How many runs of the store the images are of, and what these did to the disk. */
  readonly runs: number
  readonly operations: number
}

/** How many crashes are played of one run, and how many steps the run has. */
const IMAGES_OF_A_RUN = 250
const STEPS_OF_A_RUN = 100

/**
 * Traces what a store does to its disk, lets the power fail at random moments of that, and opens
 * what is left.
 *
 * @throws Fault for a damaged store, and at full durability for an acknowledged batch that is gone;
 * with the folder that has the image and the trace, which is kept.
 */
export async function losePower(options: PowerLossOptions): Promise<PowerLossReport> {
  const { images, durability, seed, lying = false, progress } = options
  const folder = mkdtempSync(join(scratch(), "tidemark-powerloss-"))
  const tracer = buildTracer(folder)
  let report: PowerLossReport = { images: 0, lossy: 0, mostLost: 0, runs: 0, operations: 0 }
  try {
    while (report.images < images) {
      const run = seed + report.runs
      const traced = { tracer, folder, durability, seed: run, steps: STEPS_OF_A_RUN }
      const done = await record(traced)
      const operations = lying ? done.map(withoutSync) : done
      report = {
        ...report,
        runs: report.runs + 1,
        operations: report.operations + operations.length,
      }
      const count = Math.min(IMAGES_OF_A_RUN, images - report.images)
      for (const crash of crashes(operations, count, new Random(run))) {
        const lost = await inspect(crash, folder, durability)
        report = {
          ...report,
          images: report.images + 1,
          lossy: report.lossy + (lost > 0 ? 1 : 0),
          mostLost: Math.max(report.mostLost, lost),
        }
        progress(report)
      }
    }
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    throw new Fault(`seed ${seed}, image ${report.images}, in ${folder}: ${error.message}`, {
      cause: error,
    })
  }
  rmSync(folder, { recursive: true })
  return report
}

function withoutSync(operation: Operation): Operation {
  return operation.type === "sync" ? { ...operation, since: 0 } : operation
}

interface Crash {
  readonly image: Image
  /** What had been acknowledged before. */
  readonly acknowledged: readonly string[]
}

/** Crashes at random moments of a run, in the order of time. */
function* crashes(
  operations: readonly Operation[],
  count: number,
  random: Random,
): Iterable<Crash> {
  const moments = Array.from({ length: count }, () => random.below(operations.length + 1))
  const disk = new Disk()
  const acknowledged: string[] = []
  let played = 0
  for (const moment of moments.sort((a, b) => a - b)) {
    for (const operation of operations.slice(played, moment)) {
      disk.apply(operation)
      if (operation.type === "acknowledge") acknowledged.push(operation.text)
    }
    played = moment
    yield { image: disk.crash(mood(random), random), acknowledged }
  }
}

function mood(random: Random): Mood {
  return random.of<Mood>(["all is lost", "all is kept", "some of it", "some of it", "some of it"])
}

/** Opens an image and reads all of it; gives how many acknowledged batches are gone. */
async function inspect(
  { image, acknowledged }: Crash,
  folder: string,
  durability: "full" | "process",
): Promise<number> {
  const ledger = new Ledger()
  for (const line of acknowledged) {
    const [batch, seq] = line.trim().split(" ")
    ledger.acknowledge("w", { batch: Number(batch), ...(seq === "-" ? {} : { seq: Number(seq) }) })
  }
  const path = put(image, join(folder, "left"))
  try {
    const store = openStore({ path, durability })
    try {
      await follow(store, ledger)
      const lost = ledger.due().length
      if (durability === "full" && lost > 0) {
        throw new Fault(`acknowledged, and lost: ${ledger.due().join(", ")}`)
      }
      const origin = originText({ writer: "after", batch: 0, size: 1 })
      await store.set("own", "after", contentOf("after", 0, 0), { origin })
      await follow(store, ledger)
      return lost
    } finally {
      await store.close()
      checkPages(path, "integrity_check")
    }
  } catch (error) {
    put(image, join(folder, "left")) // As it was before it was opened.
    throw error instanceof Fault ? error : new Fault(String(error), { cause: error })
  }
}

/** Writes an image into an empty folder; gives the path of its database. */
function put(image: Image, folder: string): string {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder)
  const database = join(folder, "left.db")
  const paths = { database, wal: `${database}-wal`, journal: `${database}-journal`, folder }
  for (const [file, content] of image) writeFileSync(paths[file], content)
  return database
}

/** In memory where the system offers that: many thousand files are written and never kept. */
function scratch(): string {
  try {
    accessSync("/dev/shm", constants.W_OK)
    return "/dev/shm"
  } catch {
    return tmpdir()
  }
}
