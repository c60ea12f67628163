import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { root, run } from "../setup/process.mjs"

const { env, execPath } = process
const waiting = "setInterval(() => {}, 1000)"

describe("a command", () => {
  it("that fails tells its exit code", async () => {
    const failing = run(execPath, ["-e", "process.exit(7)"], env)
    await expect(failing).rejects.toMatchObject({ exitCode: 7, message: /ended with code 7/ })
  })

  it("that does not exist fails", async () => {
    await expect(run("tidemark-no-such-program", [], env)).rejects.toThrow(/ENOENT/)
  })

  it("runs where it is told to", async () => {
    const script = `process.exit(process.cwd() === ${JSON.stringify(root)} ? 1 : 0)`
    await run(execPath, ["-e", script], env, { cwd: path.join(root, "scripts") })
  })
})

describe("when a command runs", () => {
  let folder: string
  let started: ChildProcess[]
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), "tidemark-process-"))
    started = []
  })
  afterEach(() => {
    for (const child of started) child.kill("SIGKILL")
    rmSync(folder, { recursive: true })
  })

  it.each(["SIGINT", "SIGTERM"] as const)("%s ends it with all it started", async (signal) => {
    const runner = start(runnerScript())
    const pids = await written()
    runner.kill(signal)
    expect(await once(runner, "close")).toEqual([signal === "SIGINT" ? 130 : 143, null])
    expect(pids.filter(isAlive)).toEqual([])
  })

  it("it ends with all it started when whoever asked for it is gone", async () => {
    const runner = JSON.stringify(["--input-type=module", "-e", runnerScript()])
    const asker = start(
      `import { spawn } from "node:child_process"\nspawn(process.execPath, ${runner})\n${waiting}`,
    )
    const pids = await written()
    asker.kill("SIGKILL")
    await vi.waitFor(() => expect(pids.filter(isAlive)).toEqual([]), { timeout: 10_000 })
  }, 15_000)

  /** Runs a command that starts another one; both write down who they are. */
  function runnerScript(): string {
    const file = JSON.stringify(path.join(folder, "pids"))
    const note = `require("fs").appendFileSync(${file}, process.pid + " ")`
    const inner = JSON.stringify(`${note};${waiting}`)
    const outer = `require("child_process").spawn(process.execPath, ["-e", ${inner}]);${note};${waiting}`
    return `
      import { run, stopChildrenWithUs } from ${JSON.stringify(path.join(root, "scripts/setup/process.mjs"))}
      stopChildrenWithUs()
      run(process.execPath, ["-e", ${JSON.stringify(outer)}], process.env).catch(() => {})`
  }

  function start(script: string): ChildProcess {
    const child = spawn(execPath, ["--input-type=module", "-e", script], { stdio: "ignore" })
    started.push(child)
    return child
  }

  function written(): Promise<number[]> {
    return vi.waitFor(
      () => {
        const pids = readFileSync(path.join(folder, "pids"), "utf8").trim().split(" ")
        expect(pids).toHaveLength(2)
        return pids.map(Number)
      },
      { timeout: 5_000 },
    )
  }
})

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
