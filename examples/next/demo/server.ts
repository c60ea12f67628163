import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { type Address, urlOf } from "./address.ts"
import { home, next } from "./folders.ts"

/** How long a server may take to answer for the first time, in milliseconds. */
const PATIENCE = 60_000

/** How long a server may take to end its streams before it is killed, in milliseconds. */
const FAREWELL = 5_000

/** A running server. */
export interface Server {
  /** The process that listens: there is no other. */
  readonly pid: number
  /** Resolves with the exit code when it has ended, by itself or because it was told to. */
  readonly ended: Promise<number>
  stop(): Promise<void>
}

/** Starts the production server and waits until it answers. @throws when it ends before. */
export async function startServer(address: Address, dataFolder: string): Promise<Server> {
  const { host, port } = address
  const child = spawn(process.execPath, [next, "start", "-H", host, "-p", String(port)], {
    cwd: home,
    env: {
      ...process.env,
      ATLAS_DATA: dataFolder,
      NODE_ENV: "production",
      NEXT_TELEMETRY_DISABLED: "1",
    },
    // The fourth is a tie: when it breaks, we have died, and the server stops too.
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  })
  const ended = once(child, "exit").then(([code]) => (code as number | null) ?? 1)
  const server: Server = { pid: child.pid ?? 0, ended, stop: () => stop(child, ended) }
  await Promise.race([answering(urlOf(address)), failed(ended)]).catch(async (error) => {
    await server.stop()
    throw error
  })
  return server
}

async function answering(url: string): Promise<void> {
  const end = performance.now() + PATIENCE
  for (;;) {
    const response = await fetch(url).catch(() => undefined)
    if (response?.ok) return
    if (performance.now() > end) throw new Error(`The server did not answer at ${url}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function failed(ended: Promise<number>): Promise<never> {
  throw new Error(`The server ended with ${await ended} before it answered`)
}

async function stop(child: ChildProcess, ended: Promise<number>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill("SIGTERM")
  const force = setTimeout(() => child.kill("SIGKILL"), FAREWELL)
  await ended
  clearTimeout(force)
}
