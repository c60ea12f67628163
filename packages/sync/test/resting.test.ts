import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { defineKinds, kind, type Store, StoreError } from "@tidemark/core"
import { betterSqlite3Engine } from "@tidemark/core/better-sqlite3"
import { openStore } from "@tidemark/core/memory"
import { type Channel, connect, type ReplicaStorage } from "@tidemark/sync"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { answerMutate } from "../src/authority.ts"
import type { Mutation } from "../src/message.ts"
import { Pending } from "../src/pending.ts"
import { portWay, ways } from "./replicas.ts"

let authority: Store
beforeEach(() => {
  authority = openStore()
})
afterEach(() => authority.close())

const append = (word: string) => (value: unknown) => [...(value as string[]), word]

describe("C6 writes that rest on each other", () => {
  it.each(Object.entries(ways))(
    "lose nothing of others, and come once, where the first of them is refused (%s)",
    async (_, open) => {
      await authority.set("u", "a", [])
      const way = await open(authority)
      const replica = connect(way.channel)
      await vi.waitFor(() => expect(replica.peek("u", "a")).toEqual([]))
      const mine = ["1", "2", "3"].map((word) => replica.update("u", "a", append(word)))
      expect(replica.peek("u", "a")).toEqual(["1", "2", "3"])
      await authority.update("u", "a", append("theirs"))
      await Promise.all(mine)
      expect((await authority.get("u", "a")) as string[]).toHaveLength(4)
      expect(new Set((await authority.get("u", "a")) as string[])).toEqual(
        new Set(["1", "2", "3", "theirs"]),
      )
      await replica.close()
      await way.close()
    },
  )

  it("merge where their kind does, also what was written between two updates", async () => {
    const union = (_: unknown, mine: readonly string[], theirs: readonly string[]) => [
      ...new Set([...theirs, ...mine]),
    ]
    const adding = (name: string) => (names: readonly string[]) => [...new Set([...names, name])]
    const kinds = defineKinds({ names: kind<readonly string[]>({ merge: union }) })
    const both = openStore({ kinds })
    await both.set("names", "a", ["first"])
    const way = await portWay(both as unknown as Store)
    const replica = connect(way.channel, { kinds })
    await vi.waitFor(() => expect(replica.peek("names", "a")).toEqual(["first"]))
    const mine = [
      replica.update("names", "a", adding("1")),
      replica.set("names", "a", ["first", "1", "set"]),
      replica.update("names", "a", adding("2")),
    ]
    const theirs = both.update("names", "a", adding("theirs"))
    await Promise.all([...mine, theirs])
    expect(await both.get("names", "a")).toEqual(
      expect.arrayContaining(["first", "1", "set", "2", "theirs"]),
    )
    expect(await both.get("names", "a")).toHaveLength(5)
    await replica.close()
    await way.close()
    await both.close()
  })

  it("are refused with the first also in a later run, which tells of both", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tidemark-resting-"))
    const storage = (): ReplicaStorage => ({
      base: betterSqlite3Engine({ path: join(folder, "base.db") }),
      outbox: betterSqlite3Engine({ path: join(folder, "outbox.db") }),
    })
    await authority.set("u", "a", [])
    const way = await portWay(authority)
    const first = connect(way.channel, { storage: storage() })
    await vi.waitFor(() => expect(first.peek("u", "a")).toEqual([]))
    await first.close()

    const offline = connect(nobody, { storage: storage() })
    expect(await offline.get("u", "a")).toEqual([])
    const mine = ["1", "2"].map((word) => offline.update("u", "a", append(word)))
    await vi.waitFor(() => expect(offline.status.get().pending).toBe(2))
    await offline.close()
    expect((await Promise.allSettled(mine)).map(({ status }) => status)).toEqual(
      Array(2).fill("rejected"),
    )
    await authority.update("u", "a", append("theirs"))

    const onRefused = vi.fn()
    const again = connect(way.channel, { storage: storage(), onRefused })
    await vi.waitFor(() => expect(onRefused).toHaveBeenCalledTimes(2))
    expect(onRefused.mock.calls.map(([error]) => (error as StoreError).code)).toEqual(
      Array(2).fill("conflict"),
    )
    expect(await again.get("u", "a")).toEqual(["theirs"])
    await again.close()
    await way.close()
    rmSync(folder, { recursive: true })
  })
})

describe("C6 an authority", () => {
  const client = "c".repeat(32)
  const say = (answered: number, mutations: readonly Mutation[]) =>
    answerMutate(
      authority,
      { principal: "me" },
      {
        type: "mutate",
        client,
        epoch: authority.epoch,
        answered,
        since: Date.now(),
        kept: true,
        mutations,
      },
    )
  const setting = (mutation: number, version: number, more: Partial<Mutation> = {}): Mutation => ({
    mutation,
    ops: [{ type: "set", kind: "u", key: "a", value: mutation }],
    expect: [{ kind: "u", key: "a", version }],
    ...more,
  })
  const types = async (answers: ReturnType<typeof say>) => (await answers).map(({ type }) => type)

  beforeEach(async () => {
    await authority.set("u", "a", "theirs")
  })

  it("refuses what rests on a refused write, whatever version it expects", async () => {
    const message = [setting(1, 9), setting(2, 1, { rests: [1] }), setting(3, 1)]
    expect(await types(say(0, message))).toEqual(["reject", "reject", "ack"])
    expect(await types(say(0, message))).toEqual(["reject", "reject", "ack"])
    expect(await authority.get("u", "a")).toBe(3)
  })

  it("does so where it comes in another message, and after a refusal that was heard of", async () => {
    expect(await types(say(0, [setting(1, 9)]))).toEqual(["reject"])
    const late = [setting(2, 9), setting(3, 1, { rests: [1] })]
    expect(await types(say(1, late))).toEqual(["reject", "reject"])
    expect(await authority.get("u", "a")).toBe("theirs")
  })

  it("passes over a late copy of what rests on a refusal that was heard of since", async () => {
    const copy = [setting(1, 9), setting(2, 9), setting(3, 1, { rests: [1] })]
    expect(await types(say(0, [setting(1, 9)]))).toEqual(["reject"])
    expect(await types(say(1, [setting(2, 9)]))).toEqual(["reject"])
    expect(await types(say(0, copy))).toEqual(["ack", "reject", "retry"])
    expect(await authority.get("u", "a")).toBe("theirs")
    expect(await types(say(1, [{ mutation: 3, ops: [], stale: true }]))).toEqual(["reject"])
  })

  it("takes what rests on a write that it has taken", async () => {
    const message = [setting(1, 1), setting(2, 2, { rests: [1] })]
    expect(await types(say(0, message))).toEqual(["ack", "ack"])
  })

  it("refuses what says itself that it rests on a refused write", async () => {
    expect(await say(0, [{ mutation: 1, ops: [], stale: true }])).toMatchObject([
      { type: "reject", error: { code: "conflict" } },
    ])
  })
})

describe("C6 what is pending", () => {
  const batch = (id: number, after: readonly number[] = []) => ({ id, at: 0, ops: [], after })
  const conflict = new StoreError("conflict", "Somebody was faster").toJSON()
  const reject = (mutation: number) => ({
    type: "reject" as const,
    mutation,
    seq: 1,
    error: conflict,
  })
  const told = { refused: () => {}, hide: () => {}, resultsOf: () => [] }
  const pendingOf = (...batches: ReturnType<typeof batch>[]) => {
    const pending = new Pending(told)
    for (const one of batches) pending.add(one).stored()
    return pending
  }

  it("names the writes on which one rests until they are answered", () => {
    const pending = pendingOf(batch(11), batch(12, [11]), batch(13, [11, 12]))
    expect(pending.unanswered(2)).toMatchObject([{ rests: [1] }, { rests: [1, 2] }])
    pending.answer({ type: "ack", mutation: 1, seq: 1, results: [] })
    expect(pending.unanswered()).toMatchObject([{ mutation: 2 }, { mutation: 3, rests: [2] }])
    expect(pending.unanswered()[0]).not.toHaveProperty("rests")
  })

  it("knows what rests on a refused write, one after the other, and tells the outbox of it", () => {
    const pending = pendingOf(batch(11), batch(12, [11]), batch(13, [12]), batch(14))
    pending.answer(reject(1))
    expect(pending.unanswered()).toMatchObject([
      { mutation: 2, stale: true, ops: [] },
      { mutation: 3, rests: [2] },
      { mutation: 4 },
    ])
    expect(pending.stale()).toMatchObject([{ mutation: 2, stale: true }])
    pending.answer(reject(2))
    expect(pending.unanswered()).toMatchObject([{ mutation: 3, stale: true }, { mutation: 4 }])
    pending.abandon(new StoreError("closed", "The end")) // The outbox is still to be told.
    expect(pending.stale()).toMatchObject([{ mutation: 2 }, { mutation: 3, stale: true }])
  })

  it("takes up what an outbox says of that", () => {
    const pending = new Pending(told)
    const kept = { batch: { ops: [] } }
    pending.restore(
      [
        { mutation: 4, ...kept, rests: [2] }, // Two is done: it was not refused.
        { mutation: 5, ...kept, rests: [4] },
        { mutation: 6, ...kept, stale: true },
      ],
      6,
    )
    expect(pending.unanswered()).toEqual([
      { mutation: 4, ops: [] },
      { mutation: 5, ops: [], rests: [4] },
      { mutation: 6, ops: [], stale: true },
    ])
    pending.renumber()
    pending.answer(reject(1))
    expect(pending.unanswered()).toMatchObject([
      { mutation: 2, stale: true },
      { mutation: 3, stale: true },
    ])
  })

  it("has a write that comes after the refusal of what its writer had seen refused, too", () => {
    const pending = pendingOf(batch(11))
    pending.processedUpTo(1)
    pending.answer(reject(1))
    pending.add(batch(12, [11])).stored()
    expect(pending.unanswered()).toEqual([{ mutation: 2, ops: [], stale: true }])
  })
})

const nobody: Channel = {
  open(receiver) {
    queueMicrotask(() => receiver.closed(new Error("nobody")))
    return { send() {}, close() {} }
  },
}
