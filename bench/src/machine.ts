import { closeSync, fsyncSync, openSync, writeSync } from "node:fs"
import { cpus, totalmem } from "node:os"
import Database from "better-sqlite3"
import { freshFile } from "./folder.ts"
import { median } from "./measure.ts"

/** What the figures come from, whatever is measured. */
export interface Host {
  readonly cpu: string
  readonly cores: number
  readonly memoryGb: number
  readonly platform: string
  readonly node: string
}

/** Where the figures of stores come from. */
export interface Machine extends Host {
  readonly sqlite: string
  /** Milliseconds that one append with fsync takes in the folder of the databases. */
  readonly fsyncMs: number
}

export function describeMachine(): Machine {
  return { ...describeHost(), sqlite: sqliteVersion(), fsyncMs: fsyncTime() }
}

export function describeHost(): Host {
  const [cpu, ...others] = cpus()
  return {
    cpu: cpu?.model ?? "unknown",
    cores: others.length + 1,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    platform: `${process.platform}-${process.arch}`,
    node: process.version,
  }
}

function sqliteVersion(): string {
  const database = new Database(":memory:")
  const { version } = database.prepare("SELECT sqlite_version() AS version").get() as {
    version: string
  }
  database.close()
  return version
}

function fsyncTime(): number {
  const file = openSync(freshFile(), "a")
  const page = Buffer.alloc(4096, 1)
  const times = Array.from({ length: 21 }, () => {
    const start = performance.now()
    writeSync(file, page)
    fsyncSync(file)
    return performance.now() - start
  })
  closeSync(file)
  return median(times)
}
