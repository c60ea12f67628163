import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Fault } from "../ledger.ts"
import { Random } from "../random.ts"
import { Site } from "./site.ts"

export interface CrashOptions {
  /** How many processes are killed. */
  readonly kills: number
  /** How many processes write to one file at a time. */
  readonly writers: number
  readonly durability: "full" | "process"
  readonly seed: number
  /** Told after each strike. */
  progress(report: CrashReport): void
}

export interface CrashReport {
  readonly kills: number
  readonly acknowledged: number
  readonly changes: number
  readonly files: number
}

/** A file grows to about so many bytes; then the campaign goes on with a new one. */
const FULL_FILE = 3_000_000

/**
 * Kills processes that write through the store, and checks the file after each strike.
 *
 * @throws Fault what must never be, with the folder that has the file, which is kept.
 */
export async function crash(options: CrashOptions): Promise<CrashReport> {
  const { kills, progress, ...rest } = options
  const random = new Random(options.seed)
  const folder = mkdtempSync(join(tmpdir(), "tidemark-crash-"))
  const cache = join(folder, "compiled")
  let report: CrashReport = { kills: 0, acknowledged: 0, changes: 0, files: 0 }
  while (report.kills < kills) {
    const before = report
    const files = before.files + 1
    const site = new Site({ ...rest, random, cache, path: join(folder, `${files}.db`) })
    const tell = (killed: number) => {
      report = {
        kills: report.kills + killed,
        acknowledged: before.acknowledged + site.acknowledged,
        changes: before.changes + site.changes,
        files,
      }
      progress(report)
    }
    try {
      while (report.kills + options.writers < kills && site.bytes < FULL_FILE) {
        tell(await site.strike())
      }
      tell(await site.end())
    } catch (error) {
      await site.abandon()
      const message = error instanceof Error ? error.message : String(error)
      const where = `seed ${options.seed}, after ${report.kills} kills, in ${folder}/${files}.db`
      throw new Fault(`${where}: ${message}`, { cause: error })
    }
  }
  rmSync(folder, { recursive: true })
  return report
}
