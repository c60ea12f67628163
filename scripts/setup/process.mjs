import { spawn, spawnSync } from "node:child_process"
import { constants } from "node:os"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("../..", import.meta.url))

const windows = process.platform === "win32"
const children = new Set()
const patience = 10_000

/**
 * Runs a command from the root of the repository, or from `cwd`; fails unless its exit code is 0.
 * With `quiet`, its output is shown only then.
 */
export function run(command, args, env, { cwd = root, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const out = quiet ? "pipe" : "inherit"
    // A group of its own, so that one signal reaches whatever the command starts in turn.
    const group = { shell: windows, detached: !windows }
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", out, out], ...group })
    const output = []
    child.stdout?.on("data", (chunk) => output.push(chunk))
    child.stderr?.on("data", (chunk) => output.push(chunk))
    children.add(child)
    child.once("error", reject)
    child.once("close", (code, signal) => {
      children.delete(child)
      if (code === 0) return resolve()
      process.stderr.write(Buffer.concat(output))
      reject(failure(`${command} ${args.join(" ")}`, code, signal))
    })
  })
}

/** Ends the children when this process is told to end, or when whoever started it is gone. */
export function stopChildrenWithUs() {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(signal))
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && stop("SIGTERM"), 1_000).unref()
}

let stopping = false

function stop(signal) {
  if (stopping) return
  stopping = true
  const exitCode = 128 + constants.signals[signal]
  if (children.size === 0) process.exit(exitCode)
  for (const child of children) {
    child.once("close", () => children.size === 0 && process.exit(exitCode))
    signalGroup(child, "SIGTERM")
  }
  setTimeout(() => {
    for (const child of children) signalGroup(child, "SIGKILL")
  }, patience)
}

function signalGroup(child, signal) {
  if (windows) {
    spawnSync("taskkill", ["/pid", String(child.pid), "/t", "/f"])
    return
  }
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It ended by itself in the meantime.
  }
}

function failure(command, code, signal) {
  const how = signal === null ? `with code ${code}` : `by ${signal}`
  return Object.assign(new Error(`${command} ended ${how}`), { exitCode: code ?? 1 })
}
