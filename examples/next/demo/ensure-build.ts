import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFile, writeFile } from "node:fs/promises"
import path from "node:path"
import { fingerprint } from "./fingerprint.ts"
import { built, home, next } from "./folders.ts"
import { writeServiceWorker } from "./service-worker.ts"

const stamp = path.join(built, "atlas-build")

/** Builds the page for production, unless the build that is there is of the same sources. */
export async function ensureBuild(): Promise<void> {
  const build = await fingerprint()
  const before = await readFile(stamp, "utf8").catch(() => undefined)
  if (before === build) return
  console.log("Building the page")
  await runNextBuild()
  await writeServiceWorker(build)
  await writeFile(stamp, build)
}

async function runNextBuild(): Promise<void> {
  const child = spawn(process.execPath, [next, "build"], {
    cwd: home,
    env: { ...process.env, NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" },
    stdio: ["ignore", "inherit", "inherit"],
  })
  const stop = () => child.kill("SIGTERM")
  process.once("exit", stop)
  const [code] = (await once(child, "exit")) as [number | null]
  process.off("exit", stop)
  if (code !== 0) throw new Error(`next build ended with ${code ?? "a signal"}`)
}
