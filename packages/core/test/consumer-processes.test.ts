import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import { describe, expect, it, vi } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
const consumer = fileURLToPath(new URL("consumer.mjs", import.meta.url))
const patience = { timeout: 50_000 }

/** In the middle of which change each process is killed, before the last one, which is let finish. */
const kills = [1, 2, 7, 8, 30, 61]

describe.each(["full", "process"])("E8 consumers in processes, durability %s", (durability) => {
  it("E8 each change has its effect exactly once, however often its consumer is killed", {
    timeout: 60_000,
  }, async () => {
    const path = join(folder, `killed-${durability}.db`)
    const store = openStore({ path })
    await write(store, 0, 200)
    const handed: string[] = []
    for (const after of kills) {
      const victim = start(path, durability, after)
      await vi.waitFor(() => expect(victim.lines).toHaveLength(after), patience)
      await kill(victim)
      handed.push(...victim.lines)
    }
    const last = start(path, durability)
    await write(store, 200, 300)
    await expectHandled(store, 300)
    await kill(last)
    handed.push(...last.lines)
    // Some were under way when their process ended: handed over again, and handled once.
    expect(handed.length).toBeGreaterThanOrEqual(300 + kills.length)
    expect(new Set(handed).size).toBe(300)
    await store.close()
  })

  it("E8 of two processes under one name the newer goes on, and nothing is handled twice", {
    timeout: 60_000,
  }, async () => {
    const path = join(folder, `two-${durability}.db`)
    const store = openStore({ path })
    await write(store, 0, 100)
    const older = start(path, durability)
    await vi.waitFor(() => expect(older.lines.length).toBeGreaterThan(10), patience)
    const newer = start(path, durability)
    const writing = write(store, 100, 250)
    expect(await older.exit).toEqual([0, null])
    expect(older.lines.at(-1)).toBe("stopped conflict")
    await writing
    await expectHandled(store, 250)
    // One that waits for work hears of a newer one, too.
    const newest = start(path, durability)
    expect(await newer.exit).toEqual([0, null])
    expect(newer.lines.at(-1)).toBe("stopped conflict")
    await write(store, 250, 260)
    await expectHandled(store, 260)
    await kill(newest)
    await store.close()
  })
})

interface Running {
  readonly child: ChildProcess
  readonly lines: readonly string[]
  readonly exit: Promise<unknown[]>
}

function start(path: string, durability: string, hold = Number.POSITIVE_INFINITY): Running {
  const child = spawn(process.execPath, [consumer, path, durability, String(hold)], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  const lines: string[] = []
  let rest = ""
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    const whole = `${rest}${text}`.split("\n")
    rest = whole.pop() ?? ""
    lines.push(...whole)
  })
  return { child, lines, exit: once(child, "close") }
}

async function kill({ child, exit }: Running): Promise<void> {
  child.kill("SIGKILL")
  expect(await exit).toEqual([null, "SIGKILL"])
}

/** Writes orders of amounts 1, 2, 3 …, some of them as batches of two. */
async function write(store: Store, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) {
    if (n % 5 > 0 || n + 1 >= to) await store.set("orders", `o${n}`, n + 1)
    else await store.setMany("orders", { [`o${n}`]: n + 1, [`o${++n}`]: n + 1 })
  }
}

async function expectHandled(store: Store, count: number): Promise<void> {
  await vi.waitFor(async () => expect(await store.count("handled")).toBe(count), patience)
  const handled = await store.list("handled")
  expect(handled.filter(({ value, version }) => value !== 1 || version !== 1)).toEqual([])
  expect(await store.get("totals", "all")).toBe((count * (count + 1)) / 2)
}
