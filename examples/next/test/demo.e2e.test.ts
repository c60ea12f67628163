import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:net"
import { tmpdir } from "node:os"
import path from "node:path"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { ensureBuild } from "../demo/ensure-build.ts"
import { home } from "../demo/folders.ts"
import { freePort } from "./served.ts"

let folder: string
let started: Demo[]
beforeEach(async () => {
  await ensureBuild()
  folder = await mkdtemp(path.join(tmpdir(), "tidemark-demo-"))
  started = []
})
afterEach(async () => {
  for (const { child, ended } of started) {
    child.kill("SIGKILL")
    await ended
  }
  await rm(folder, { recursive: true, force: true })
})

describe("npm run demo", () => {
  it("imports, serves and says its URL on a line of its own; a second start imports nothing", async () => {
    const port = await freePort()
    const first = demo({ PORT: String(port) })
    const url = await first.line(/^http:\/\/\S+$/)
    expect(url).toBe(`http://127.0.0.1:${port}`)
    expect(first.output()).toContain("Importing 300 places of GeoNames")
    expect(await (await fetch(url)).text()).toContain("300")
    first.child.kill("SIGTERM")
    expect(await first.ended).toBe(0)
    await expect(fetch(url)).rejects.toThrow()

    const second = demo({ PORT: String(port) })
    await second.line(/^http:\/\/\S+$/)
    expect(second.output()).not.toContain("Importing")
    second.child.kill("SIGINT")
    expect(await second.ended).toBe(0)
  })

  it("takes its server with it when it is killed", async () => {
    const running = demo({ PORT: String(await freePort()) })
    const url = await running.line(/^http:\/\/\S+$/)
    running.child.kill("SIGKILL")
    await expect
      .poll(
        () =>
          fetch(url).then(
            () => "answers",
            () => "gone",
          ),
        { timeout: 10_000 },
      )
      .toBe("gone")
  })

  it("refuses a port in use, with a way out", async () => {
    const holder = createServer().listen(0, "127.0.0.1")
    await once(holder, "listening")
    const { port } = holder.address() as { port: number }
    const refused = demo({ PORT: String(port) })
    expect(await refused.ended).toBe(1)
    expect(refused.output()).toContain(`StoreError busy: Port ${port} on 127.0.0.1 is in use.`)
    expect(refused.output()).toContain(`PORT=${port + 1} npm run demo`)
    holder.close()
  })

  it("refuses what is no port", async () => {
    const refused = demo({ PORT: "http" })
    expect(await refused.ended).toBe(1)
    expect(refused.output()).toContain('StoreError invalid_value: PORT is "http".')
  })
})

/** A running demo. */
interface Demo {
  readonly child: ChildProcess
  readonly ended: Promise<number | null>
  output(): string
  /** Waits for a whole line. @throws when the demo ends before. */
  line(wanted: RegExp): Promise<string>
}

function demo(env: Record<string, string>): Demo {
  const flags = ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"]
  const child = spawn(process.execPath, [...flags, "demo/demo.ts"], {
    cwd: home,
    env: { ...process.env, ATLAS_DATA: folder, ATLAS_LIMIT: "300", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  })
  let output = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (text) => {
      output += text
    })
  }
  const ended = once(child, "close").then(([code]) => code as number | null)
  const line = (wanted: RegExp) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const found = output
          .split("\n")
          .slice(0, -1)
          .find((text) => wanted.test(text))
        if (found !== undefined) resolve(found)
      }
      look()
      child.stdout.on("data", look)
      ended.then(() => reject(new Error(`The demo has ended:\n${output}`)), reject)
    })
  const running = { child, ended, output: () => output, line }
  started.push(running)
  return running
}
