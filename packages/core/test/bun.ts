import { spawn } from "node:child_process"
import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { text } from "node:stream/consumers"

/** How a case went in Bun. */
export interface BunReport {
  readonly part: string
  readonly name: string
  readonly error?: string
}

/** The program of the package bun, and its version. */
export interface Bun {
  readonly program: string
  readonly version: string
}

/**
 * Bun, where there is one for this platform. Each platform has its program in a package of its
 * own, and only the one that fits is installed.
 */
export function findBun(): Bun | undefined {
  const manifest = resolved(createRequire(import.meta.url), "bun/package.json")
  if (manifest === undefined) return undefined
  const beside = createRequire(manifest)
  const { version, optionalDependencies }: Manifest = beside(manifest)
  const programs = Object.keys(optionalDependencies).flatMap((platform) => {
    const found = resolved(beside, `${platform}/package.json`)
    return ["bin/bun", "bin/bun.exe"].map((program) => found && join(dirname(found), program))
  })
  const program = programs.find((path) => path !== undefined && existsSync(path))
  return program === undefined ? undefined : { program, version }
}

function resolved(require: NodeJS.Require, name: string): string | undefined {
  try {
    return require.resolve(name)
  } catch {
    return undefined // Not installed on this platform.
  }
}

interface Manifest {
  readonly version: string
  readonly optionalDependencies: Readonly<Record<string, string>>
}

/** Runs a script in Bun, and gives its reports and how it ended: `""` when all went well. */
export async function runInBun(
  { program }: Bun,
  script: string,
  args: readonly string[],
): Promise<{ reports: readonly BunReport[]; trouble: string }> {
  const child = spawn(program, ["run", "--no-install", script, ...args], {
    env: { ...process.env, DO_NOT_TRACK: "1", BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: PATIENCE,
  })
  const ended = new Promise((resolve, reject) => {
    child.once("error", reject)
    child.once("close", (code, signal) => resolve(code ?? signal))
  })
  const [end, output, errors] = await Promise.all([ended, text(child.stdout), text(child.stderr)])
  const reports = output
    .split("\n")
    .slice(0, -1)
    .map((line): BunReport => JSON.parse(line))
  return { reports, trouble: end === 0 ? errors : `Bun ended with ${end}: ${errors}` }
}

/** For a case that hangs, in milliseconds. */
const PATIENCE = 60_000
