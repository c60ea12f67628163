import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import path from "node:path"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import { openStoreOn, type Row } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { connect } from "@tidemark/sync"
import { expect, it, onTestFinished } from "vitest"
import { feedOf } from "../src/feed.ts"
import type { FeedMessage, Hello } from "../src/message.ts"
import { SnapshotParts } from "../src/snapshot-parts.ts"
import { inProcess } from "./channels.ts"

/** An engine that answers later; between asking it for kinds or for a state and its answer somebody writes. */
class Busy extends MemoryEngine {
  write: () => Promise<unknown> = async () => {}

  override kinds(...asked: Parameters<MemoryEngine["kinds"]>) {
    return this.#meanwhile(() => super.kinds(...asked)) as never
  }

  override snapshot(...asked: Parameters<MemoryEngine["snapshot"]>) {
    return this.#meanwhile(() => super.snapshot(...asked)) as never
  }

  async #meanwhile<T>(read: () => T): Promise<T> {
    const found = read()
    await this.write()
    return found
  }
}

it.each([
  ["all that it may", undefined, undefined],
  ["what its principal is allowed", ["late", "early", "late"], undefined],
  ["what it asks for", undefined, ["late", "early"]],
])(
  "C6 a first state of %s has a kind whose first entry comes while it is read",
  async (_, kinds, follow) => {
    const engine = new Busy()
    const authority = (await openStoreOn(engine, {})) as Store
    await authority.set("early", "a", 1)
    await authority.set("early", "z", 1)
    let isWritten = false
    engine.write = async () => {
      if (isWritten) return
      isWritten = true
      await authority.set("late", "b", 2)
    }
    const authorization = { principal: "test", ...(kinds === undefined ? {} : { kinds }) }
    const served = await inProcess(authority, { authorization })
    const replica = connect(served.channel, follow === undefined ? {} : { follow })
    await replica.list("early")
    await authority.set("early", "c", 3)
    await replica.set("early", "d", 4)
    expect(isWritten).toBe(true)
    const wanted = (await authority.snapshot()).entries
    expect(wanted.map(({ key }) => key)).toEqual(["a", "c", "d", "z", "b"])
    expect((await replica.snapshot()).entries).toEqual(wanted)
    await replica.close()
    await served.close()
    await authority.close()
  },
)

const HELLO = { client: "c", epoch: null, position: 0, view: null, follow: null, schemas: {} }

it("C6 a first state on a disk is read part by part, and is that of one position whatever is written meanwhile", async () => {
  const { authority, next } = await follow()
  const before = await authority.snapshot()
  const told = [await next(), await next()]
  expect(told).toMatchObject([{ type: "reset" }, { type: "snapshot", part: 0, last: false }])

  await authority.set("many", "09999", "later")
  await authority.deleteMany("gone")
  await authority.delete("many", "11999")
  await authority.set("new", "a", 1)
  const { rows, to } = await wholeOf(told, next)
  expect(rows).toEqual(before.entries)
  expect(to).toBe(before.seq)
  const changes = await next()
  expect(changes).toMatchObject({ type: "changes", from: to, to: authority.position })
  expect(changes.type === "changes" && changes.changes.map(({ type }) => type)).toEqual([
    "update",
    "delete",
    "delete",
    "delete",
    "create",
  ])
})

it("C6 a first state whose past is pruned while it is read is begun again, in one step", async () => {
  const { authority, next } = await follow()
  const told = [await next(), await next()]
  expect(told).toMatchObject([{ type: "reset" }, { type: "snapshot", part: 0 }])
  await authority.set("many", "09999", "later")
  await authority.prune({ changes: 0, versions: 0 })

  expect(await next()).toMatchObject({ type: "reset" })
  const { rows, to } = await wholeOf([], next)
  const { entries, seq } = await authority.snapshot()
  expect([rows.length, rows, to]).toEqual([12_003, entries, seq])
})

/** A store in a file with 12,003 entries, and what a follower of it is told. */
async function follow() {
  const folder = await mkdtemp(path.join(tmpdir(), "tidemark-first-state-"))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const authority = openStore({ path: path.join(folder, "app.db"), durability: "process" }) as Store
  onTestFinished(() => authority.close())
  await authority.setMany("few", [["z", 1]])
  await authority.setMany("gone", [
    ["a", 1],
    ["b", 2],
  ])
  const many = Array.from(
    { length: 12_000 },
    (_, n) => [String(n).padStart(5, "0"), { n }] as const,
  )
  await authority.setMany("many", many)
  const hello = { type: "hello", protocol: 2, ...HELLO } as unknown as Hello
  const feed = feedOf(authority, { principal: "test" }, hello, new AbortController().signal)
  onTestFinished(async () => void (await feed.return()))
  const next = async () => (await feed.next()).value as FeedMessage
  expect(await next()).toMatchObject({ type: "welcome" })
  return { authority, next }
}

/** The state in the messages that have come, and those that follow up to its end. */
async function wholeOf(told: readonly FeedMessage[], next: () => Promise<FeedMessage>) {
  const parts = new SnapshotParts()
  const coming = [...told]
  for (;;) {
    const message = coming.shift() ?? (await next())
    if (message.type !== "snapshot") continue
    const whole = parts.add(message)
    if (whole === undefined) expect(message.total).toBeGreaterThanOrEqual(parts.received)
    else if (whole === "broken") throw new Error("A part is missing")
    else {
      expect(message.total).toBe(whole.rows.length)
      return { to: whole.to, rows: whole.rows as readonly Row[] }
    }
  }
}
