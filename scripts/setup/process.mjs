import { spawn, spawnSync } from "node:child_process"
import { constants } from "node:os"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"

export const root = fileURLToPath(new URL("../..", import.meta.url))

const windows = process.platform === "win32"
const children = new Set()
const patience = 5_000
let stopping = false

/**
 * Runs a command from the root of the repository, or from `cwd`; fails unless its exit code is 0.
 * With `quiet`, its output is shown only then. Once this process is told to end, nothing starts.
 */
export function run(command, args, env, { cwd = root, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    if (stopping) return
    const out = quiet ? "pipe" : "inherit"
    // A group of its own, so that one signal reaches whatever the command starts in turn.
    const group = { shell: windows, detached: !windows }
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", out, out], ...group })
    const output = []
    child.stdout?.on("data", (chunk) => output.push(chunk))
    child.stderr?.on("data", (chunk) => output.push(chunk))
    children.add(child)
    child.once("error", (error) => {
      children.delete(child)
      reject(error)
    })
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
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => stop(signal))
  // A terminal that closes ends whoever started this, unless nohup keeps both.
  process.on("SIGHUP", () => {})
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && stop("SIGTERM"), 1_000).unref()
}

async function stop(signal) {
  if (stopping) return
  stopping = true
  const groups = [...children].map((child) => child.pid)
  for (const group of groups) signalGroup(group, "SIGTERM")
  const end = Date.now() + patience
  while (groups.some(isAlive) && Date.now() < end) await delay(50)
  for (const group of groups) signalGroup(group, "SIGKILL")
  process.exit(128 + constants.signals[signal])
}

function isAlive(group) {
  return signalGroup(group, 0)
}

/** Whether there was something to signal. */
function signalGroup(group, signal) {
  if (windows) return signal !== 0 && endTree(group)
  try {
    return process.kill(-group, signal)
  } catch {
    return false
  }
}

function endTree(pid) {
  return spawnSync("taskkill", ["/pid", String(pid), "/t", "/f"]).status === 0
}

function failure(command, code, signal) {
  const how = signal === null ? `with code ${code}` : `by ${signal}`
  return Object.assign(new Error(`${command} ended ${how}`), { exitCode: code ?? 1 })
}
