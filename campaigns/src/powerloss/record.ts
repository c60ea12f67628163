import { spawn, spawnSync } from "node:child_process"
import { readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { type Operation, readTrace } from "./trace.ts"

const source = fileURLToPath(new URL("trace.c", import.meta.url))
const program = fileURLToPath(new URL("traced.ts", import.meta.url))
const flags = ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"]

/** Why writes cannot be traced here; `undefined` where they can. */
export function whyNotTraced(): string | undefined {
  if (process.platform !== "linux") return `writes are traced on Linux, not on ${process.platform}`
  if (compiler() === undefined) return "there is no C compiler"
  return undefined
}

/** Compiles the tracer into a folder, and gives its path. */
export function buildTracer(folder: string): string {
  const tracer = join(folder, "trace.so")
  const options = ["-O2", "-Wall", "-Wextra", "-shared", "-fPIC", "-o", tracer, source]
  const { status, stderr } = spawnSync(compiler() ?? "cc", [...options, "-ldl", "-lpthread"])
  if (status !== 0) throw new Error(`The tracer does not compile: ${stderr}`)
  return tracer
}

export interface RecordOptions {
  readonly tracer: string
  /** A folder for the database and the trace; the database is gone afterwards. */
  readonly folder: string
  readonly durability: "full" | "process"
  readonly seed: number
  readonly steps: number
}

/** Runs the workload on a new database, and gives all it did to the disk. */
export async function record(options: RecordOptions): Promise<readonly Operation[]> {
  const { tracer, folder, durability, seed, steps } = options
  const database = join(folder, "traced.db")
  const trace = join(folder, "trace")
  for (const file of [
    trace,
    ...["", "-wal", "-shm", "-acknowledged"].map((end) => database + end),
  ]) {
    rmSync(file, { force: true })
  }
  const args = [...flags, program, database, durability, String(seed), String(steps)]
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "ignore", "pipe"],
    env: {
      ...process.env,
      LD_PRELOAD: tracer,
      TRACE_DATABASE: database,
      TRACE_FILE: trace,
      TRACE_DELAY: "300",
      UV_USE_IO_URING: "0", // What goes round the C library cannot be traced.
    },
  })
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code, signal) => resolve(code ?? signal))
  })
  const [end, errors] = await Promise.all([ended, text(child.stderr)])
  if (end !== 0 || errors !== "") throw new Error(`The traced process ended with ${end}: ${errors}`)
  return readTrace(readFileSync(trace))
}

function compiler(): string | undefined {
  return [process.env.CC, "cc", "gcc", "clang"].find(
    (name) => name && spawnSync(name, ["--version"]).status === 0,
  )
}
