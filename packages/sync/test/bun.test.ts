import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { connect } from "@tidemark/sync"
import { httpChannel } from "@tidemark/sync/http-client"
import { expect, it, onTestFinished, vi } from "vitest"
import { type Bun, findBun } from "../../core/test/bun.ts"

const script = fileURLToPath(new URL("./bun-server.mjs", import.meta.url))
const bun = findBun()

it.skipIf(bun === undefined)(
  `C6 Bun serves its store with the same handler, also after it was killed${bun ? "" : " (skipped: no Bun here)"}`,
  async () => {
    const folder = await mkdtemp(join(tmpdir(), "tidemark-bun-"))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const first = await serveInBun(join(folder, "app.db"), 0)
    const store = connect(httpChannel(first.url))
    onTestFinished(() => store.close())
    await store.set("u", "ours", 1)
    first.tell({ key: "theirs", value: 2 })
    await vi.waitFor(() => expect(store.peek("u", "theirs")).toBe(2))
    const many = Array.from({ length: 300 }, (_, n) => store.set("many", `${n}`, n))
    await Promise.all(many)

    await first.kill()
    const offline = store.set("u", "ours", 3)
    const second = await serveInBun(join(folder, "app.db"), first.port)
    await offline
    second.tell({ key: "theirs", value: 4 })
    await vi.waitFor(() => expect(store.peek("u", "theirs")).toBe(4))
    const other = connect(httpChannel(second.url))
    onTestFinished(() => other.close())
    expect(await other.count("many")).toBe(300)
    expect(await other.entry("u", "ours")).toMatchObject({ value: 3, version: 2 })
    expect(await second.end()).toBe(0)
  },
)

async function serveInBun(path: string, port: number) {
  const { program } = bun as Bun
  const child: ChildProcessWithoutNullStreams = spawn(
    program,
    ["run", "--no-install", script, path, String(port)],
    { env: { ...process.env, DO_NOT_TRACK: "1", BUN_RUNTIME_TRANSPILER_CACHE_PATH: "0" } },
  )
  const ended = once(child, "close") as Promise<[number | null]>
  child.stderr.pipe(process.stderr)
  onTestFinished(() => {
    child.kill("SIGKILL")
  })
  const [url] = (await once(createInterface(child.stdout), "line")) as [string]
  return {
    url,
    port: Number(new URL(url).port),
    tell: (entry: object) => child.stdin.write(`${JSON.stringify(entry)}\n`),
    async kill() {
      child.kill("SIGKILL")
      await ended
    },
    /** As it would end by itself; gives its exit code. */
    async end() {
      child.stdin.end()
      const [code] = await ended
      return code
    },
  }
}
