import { spawn } from "node:child_process"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"

/** What a reader has seen of a flood. */
export interface Flood {
  readonly written: number
  /** How many changes the slow work has done. */
  readonly told: number
  /** Whether each came in its place, and once. */
  readonly inOrder: boolean
  /** The most memory of the heap that was in use after a collection, in bytes. */
  readonly peak: number
}

export interface FloodOptions {
  readonly changes: number
  readonly operator: "inTurn" | "concatMap"
  /** How large the heap of the reader may grow, in megabytes. */
  readonly heap: number
  /** Where its progress is shown. */
  readonly progress?: "inherit" | "ignore"
}

/** Lets a process of its own read a flood. Rejects when it fails, as by its memory. */
export async function flood(options: FloodOptions): Promise<Flood> {
  const { changes, operator, heap, progress = "ignore" } = options
  const flags = [
    "--experimental-strip-types",
    "--disable-warning=ExperimentalWarning",
    "--expose-gc",
    `--max-old-space-size=${heap}`,
    // Else new objects alone may take as much.
    "--max-semi-space-size=2",
  ]
  const reader = fileURLToPath(new URL("reader.ts", import.meta.url))
  const child = spawn(process.execPath, [...flags, reader, String(changes), operator], {
    stdio: ["ignore", "pipe", progress],
  })
  const exited = new Promise<unknown>((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code, signal) => resolve(signal ?? code))
  })
  const [output, end] = await Promise.all([text(child.stdout), exited])
  if (end !== 0) throw new Error(`The reader of ${changes} changes ended with ${end}`)
  return JSON.parse(output) as Flood
}
