import { type ChildProcess, spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { Fault } from "../ledger.ts"
import type { Acknowledgement } from "../workload.ts"

const program = fileURLToPath(new URL("writer.ts", import.meta.url))
const flags = ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"]

/** What a writer process is told. */
export interface Orders {
  readonly path: string
  readonly name: string
  readonly durability: "full" | "process"
  readonly seed: number
  /** A folder where compiled code is kept, since every process begins with the same. */
  readonly cache: string
}

/** A process that writes to a file until it is killed. */
export class Victim {
  /** Resolves with its first acknowledged batch, or its end. */
  readonly talking: Promise<void>
  readonly #child: ChildProcess
  readonly #ended: Promise<string>

  constructor(
    { path, name, durability, seed, cache }: Orders,
    told: (one: Acknowledgement) => void,
  ) {
    const child = spawn(
      process.execPath,
      [...flags, program, path, name, durability, String(seed)],
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, NODE_COMPILE_CACHE: cache } },
    )
    this.#child = child
    let errors = ""
    child.stderr.setEncoding("utf8").on("data", (data: string) => {
      errors += data
    })
    this.#ended = new Promise((resolve, reject) => {
      child.once("error", reject)
      child.once("close", (code, signal) => resolve(`${signal ?? code} ${errors}`.trim()))
    })
    this.talking = new Promise((resolve) => {
      let rest = ""
      child.stdout.setEncoding("utf8").on("data", (data: string) => {
        const lines = (rest + data).split("\n")
        rest = lines.pop() ?? "" // Cut off by the kill, maybe: then nobody was told.
        for (const line of lines) told(acknowledgement(line))
        if (lines.length > 0) resolve()
      })
      child.once("close", () => resolve())
    })
  }

  /** Ends it at once, and waits until it is gone and all it said was heard. */
  async kill(): Promise<void> {
    this.#child.kill("SIGKILL")
    const end = await this.#ended
    if (end !== "SIGKILL") throw new Fault(`a writer ended by itself: ${end}`)
  }
}

function acknowledgement(line: string): Acknowledgement {
  const [batch, seq] = line.split(" ")
  return { batch: Number(batch), ...(seq === "-" ? {} : { seq: Number(seq) }) }
}
