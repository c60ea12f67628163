import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { openStore } from "@tidemark/core/better-sqlite3"
import Database from "better-sqlite3"
import { describe, expect, it, vi } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
const follower = fileURLToPath(new URL("follower.mjs", import.meta.url))

type Line = readonly [seq: number, key: string, value: { by: string; n: number }, batch: number]

interface Running {
  readonly child: ChildProcess
  /** What it has been told, when it has ended; a last line that is half is left out. */
  readonly told: Promise<readonly Line[]>
  readonly errors: Promise<string>
  readonly exit: Promise<unknown[]>
}

function start(path: string, name: string, count: number, durability: string): Running {
  const child = spawn(process.execPath, [follower, path, name, String(count), durability], {
    stdio: ["ignore", "pipe", "pipe"],
  })
  const lines = (output: string) => output.split("\n").slice(0, -1)
  return {
    child,
    told: text(child.stdout).then((output) => lines(output).map((line): Line => JSON.parse(line))),
    errors: text(child.stderr),
    exit: once(child, "exit"),
  }
}

describe.each(["full", "process"])(
  "Z14 three processes on one file, durability %s",
  (durability) => {
    it("Z14 each is told every change of the others and its own, in one order, once, whole batches together", {
      timeout: 60_000,
    }, async () => {
      const path = join(folder, `three-${durability}.db`)
      const count = 60
      const names = ["a", "b", "c"]
      const store = openStore({ path })
      const running = names.map((name) => start(path, name, count, durability))
      await vi.waitFor(() => expect(store.position).toBe(3 * count), { timeout: 50_000 })
      const { seq: end } = await store.set("u", "end", { by: "test", n: 0 })
      const log = (await store.changes({ after: 0 })).map(({ seq, key, value, batch }) => [
        seq,
        key,
        value,
        batch,
      ])
      expect(log.map(([seq]) => seq)).toEqual(Array.from({ length: end }, (_, n) => n + 1))
      for (const { told, errors, exit } of running) {
        expect([await exit, await errors]).toEqual([[0, null], ""])
        expect(await told).toEqual(log)
      }
      for (const name of names) {
        const own = log.map(([, key]) => String(key)).filter((key) => key.startsWith(name))
        expect(own).toEqual(Array.from({ length: count }, (_, n) => `${name}${n}`))
      }
      await store.close()
    })
  },
)

it("Z14 a process that is killed while it writes harms none of the others", {
  timeout: 60_000,
}, async () => {
  const path = join(folder, "killed.db")
  const store = openStore({ path })
  const victim = start(path, "v", 100_000, "process")
  const others = ["a", "b"].map((name) => start(path, name, 90, "full"))
  await vi.waitFor(
    async () => expect(await store.count("u", { prefix: "v" })).toBeGreaterThan(20),
    {
      timeout: 50_000,
    },
  )
  victim.child.kill("SIGKILL")
  expect(await victim.exit).toEqual([null, "SIGKILL"])
  await vi.waitFor(async () => expect(await store.count("u", { prefix: "b" })).toBe(90), {
    timeout: 50_000,
  })
  await vi.waitFor(async () => expect(await store.count("u", { prefix: "a" })).toBe(90), {
    timeout: 50_000,
  })
  const { seq: end } = await store.set("u", "end", { by: "test", n: 0 })
  const log = await store.changes({ after: 0, limit: end })
  expect(log.map(({ seq }) => seq)).toEqual(Array.from({ length: end }, (_, n) => n + 1))
  for (const { told } of others) {
    const seen = (await told).map(([seq, key]) => [seq, key])
    expect(seen).toEqual(log.map(({ seq, key }) => [seq, key]))
  }
  // What the victim was told before it died was no other sequence.
  for (const [seq, key] of await victim.told) expect(log[seq - 1]?.key).toBe(key)
  for (const { errors, exit } of others) expect([await exit, await errors]).toEqual([[0, null], ""])
  await store.close()
  const database = new Database(path)
  expect(database.pragma("integrity_check", { simple: true })).toBe("ok")
  database.close()
})
