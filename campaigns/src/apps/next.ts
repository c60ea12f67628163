import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import path from "node:path"
import { type AppParts, install } from "./installed.ts"
import type { ServedApp } from "./vite.ts"

/** Serves an application of Next: while it is developed, or as it is built. The signal ends it early. */
export async function serveNext(
  app: AppParts,
  mode: "developed" | "built" | "built by webpack",
  signal: AbortSignal,
): Promise<ServedApp> {
  const { folder, remove } = await install(app)
  const next = (command: string, ...flags: string[]) => {
    const script = path.join(folder, "../node_modules/next/dist/bin/next")
    const { NODE_ENV: _, ...env } = process.env
    const running = spawn(process.execPath, [script, command, ...flags], {
      cwd: folder,
      env: { ...env, ...app.env, NEXT_TELEMETRY_DISABLED: "1" } as unknown as NodeJS.ProcessEnv,
      // A group of its own: the server is a child of the command.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    })
    const end = () => stop(running)
    signal.addEventListener("abort", end)
    running.once("close", () => signal.removeEventListener("abort", end))
    return running
  }
  if (mode === "built") await ended(next("build"))
  if (mode === "built by webpack") await ended(next("build", "--webpack"))
  const command = mode === "developed" ? "dev" : "start"
  const server = next(command, "--port", "0", "--hostname", "127.0.0.1")
  return {
    url: await addressOf(server),
    async close() {
      const closed = once(server, "close")
      stop(server)
      await closed
      await remove()
    },
  }
}

function stop({ pid }: ChildProcess): void {
  process.kill(-(pid as number), "SIGTERM")
}

async function ended(build: ChildProcess): Promise<void> {
  const said = listen(build)
  const [code] = await once(build, "close")
  if (code !== 0) throw new Error(`The build has failed: ${said()}`)
}

/** The address that a server says it has, once it is ready. */
async function addressOf(server: ChildProcess): Promise<string> {
  const said = listen(server)
  return new Promise((resolve, reject) => {
    server.stdout?.on("data", () => {
      const url = /Ready/.test(said()) && /http:\/\/127\.0\.0\.1:\d+/.exec(said())?.[0]
      if (url) resolve(url)
    })
    server.once("close", () => reject(new Error(`The server has ended: ${said()}`)))
  })
}

/** Takes up all that a process says. */
function listen(process: ChildProcess): () => string {
  let said = ""
  for (const stream of [process.stdout, process.stderr]) {
    stream?.on("data", (text) => {
      said += text
    })
  }
  return () => said
}
