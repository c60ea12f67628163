import { spawn } from "node:child_process"
import { once } from "node:events"
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { createServer } from "node:net"
import path from "node:path"

const home = path.resolve(import.meta.dirname, "..")
const next = createRequire(import.meta.url).resolve("next/dist/bin/next")

/** What the application is made of. */
const PARTS = ["app", "browser", "server", "kinds.ts", "next.config.ts", "package.json"]

/** How Next runs an application: as it is developed, or built for production first. */
export type Mode = "dev" | "start"

/** The application with pages for tests, run by Next. */
export interface NextApp {
  readonly url: string
  /** A folder of its own. */
  readonly folder: string
  /** The file of its store. */
  readonly file: string
  /** All that Next has printed. */
  readonly output: () => string
  /** Writes a source, or another text in place of one. */
  write(file: string, text: string): Promise<void>
  stop(): Promise<void>
}

/** Runs a copy, so that tests may edit it. */
export async function runNextApp(mode: Mode): Promise<NextApp> {
  const folder = await mkdtemp(path.join(home, ".app-"))
  for (const part of PARTS) {
    await cp(path.join(home, part), path.join(folder, part), { recursive: true })
  }
  await cp(path.join(import.meta.dirname, "pages"), path.join(folder, "app/(test)"), {
    recursive: true,
  })
  await writeFile(path.join(folder, "tsconfig.json"), '{ "extends": "../tsconfig.json" }\n')
  const file = path.join(folder, "test.db")
  let output = ""
  const run = (...args: string[]) => {
    const child = spawn(process.execPath, [next, ...args], {
      cwd: folder,
      env: {
        ...process.env,
        NODE_ENV: mode === "dev" ? "development" : "production",
        NEXT_TELEMETRY_DISABLED: "1",
        TASKS_FILE: file,
        TASKS_ROOT: path.resolve(home, "../.."),
      },
      stdio: ["ignore", "pipe", "pipe"],
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text: Buffer) => {
        output += text
      })
    }
    return child
  }
  if (mode === "start") {
    const [code] = await once(run("build"), "exit")
    if (code !== 0) throw new Error(`next build ended with ${code}: ${output}`)
  }
  const port = await freePort()
  const server = run(mode, "-p", String(port))
  while (!output.includes("Ready in")) {
    if (server.exitCode !== null) throw new Error(`Next ended before it was ready: ${output}`)
    await Promise.race([once(server.stdout, "data"), once(server, "exit")])
  }
  return {
    url: `http://localhost:${port}`,
    folder,
    file,
    output: () => output,
    write: (file, text) => writeFile(path.join(folder, file), text),
    async stop() {
      if (server.exitCode === null) {
        server.kill("SIGTERM")
        await once(server, "exit")
      }
      await rm(folder, { recursive: true, maxRetries: 10, retryDelay: 200 })
    },
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
