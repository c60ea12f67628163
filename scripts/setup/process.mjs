import { spawn, spawnSync } from "node:child_process"
import { constants } from "node:os"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("../..", import.meta.url))

const windows = process.platform === "win32"
const children = new Set()
const patience = 10_000

/** Runs a command from the root of the repository; fails with its exit code unless that is 0. */
export function run(command, args, env, cwd = root) {
  return new Promise((resolve, reject) => {
    // A group of its own, so that one signal reaches whatever the command starts in turn.
    const options = {
      cwd,
      env,
      stdio: ["ignore", "inherit", "inherit"],
      shell: windows,
      detached: !windows,
    }
    const child = spawn(command, args, options)
    children.add(child)
    child.once("error", reject)
    child.once("close", (code, signal) => {
      children.delete(child)
      if (code === 0) resolve()
      else reject(failure(`${command} ${args.join(" ")}`, code, signal))
    })
  })
}

/** Ends the children when this process is told to end, or when whoever started it is gone. */
export function stopChildrenWithUs() {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => stop(signal))
  const parent = process.ppid
  const orphaned = () => process.ppid !== parent && stop("SIGTERM")
  setInterval(orphaned, 1_000).unref()
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
