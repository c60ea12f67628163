import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Batch, defineKinds, type Kinds, kind, type Store } from "@tidemark/core"
import { betterSqlite3Engine } from "@tidemark/core/better-sqlite3"
import { cborCodec } from "@tidemark/core/codecs/cbor"
import { devalueCodec } from "@tidemark/core/codecs/devalue"
import { openStoreOn, Packed } from "@tidemark/core/engine"
import { MemoryEngine, openStore } from "@tidemark/core/memory"
import { type Channel, type ConnectOptions, connect, serve } from "@tidemark/sync"
import * as v from "valibot"
import { afterEach, describe, expect, it, vi } from "vitest"
import { arrived, departing } from "../src/crossing.ts"
import { parseClientMessage } from "../src/message.ts"
import { portWay } from "./replicas.ts"

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

const nobody: Channel = {
  open(receiver) {
    queueMicrotask(() => receiver.closed(new Error("nobody")))
    return { send() {}, close() {} }
  },
}
const value = { at: new Date(7), bytes: new Uint8Array([1, 2, 255]) }
const photos = kind({ codec: cborCodec })
const tags = kind({ codec: devalueCodec })

/** An authority with some kinds, and a replica of it with others. */
async function pair(kinds: { authority: Kinds; replica: Kinds }, options: ConnectOptions = {}) {
  const authority = openStore({ kinds: defineKinds(kinds.authority) }) as Store
  const { channel } = await portWay(authority)
  const replica = connect(channel, { kinds: defineKinds(kinds.replica), ...options }) as Store
  ends.push(
    () => authority.close(),
    () => replica.close(),
  )
  return { authority, replica, channel }
}

describe("Z10 packed values on their way", () => {
  it("are kept with the base and the outbox, text and bytes, until they can be sent", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tidemark-packed-"))
    ends.push(() => rmSync(folder, { recursive: true, force: true }))
    const storage = () => ({
      base: betterSqlite3Engine({ path: join(folder, "base.db") }),
      outbox: betterSqlite3Engine({ path: join(folder, "outbox.db") }),
    })
    const kinds = defineKinds({ photos, tags })
    const authority = openStore({ kinds })
    ends.push(() => authority.close())
    const { channel } = await portWay(authority as Store)
    await authority.set("photos", "a", value)
    const first = connect(channel, { kinds, storage: storage() })
    expect(await first.get("photos", "a")).toEqual(value)
    await first.close()

    const offline = connect(nobody, { kinds, storage: storage() })
    const write = offline.setMany("tags", { a: new Set(["x"]) })
    await Promise.allSettled([write, offline.set("photos", "b", value), offline.close()])

    const again = connect(nobody, { kinds, storage: storage() })
    await vi.waitFor(() => expect(again.peek("tags", "a")).toEqual(new Set(["x"])))
    expect(await again.get("photos", "a")).toEqual(value)
    await again.close()

    const online = connect(channel, { kinds, storage: storage() })
    ends.push(() => online.close())
    await vi.waitFor(async () => expect(await authority.get("photos", "b")).toEqual(value))
    expect(await authority.get("tags", "a")).toEqual(new Set(["x"]))
  })

  it("are refused by an authority that does not know their codec, and taken back", async () => {
    const { authority, replica } = await pair({ authority: {}, replica: { photos } })
    await expect(replica.set("photos", "a", value)).rejects.toMatchObject({
      code: "unsupported",
      details: { kind: "photos", key: "a", codec: "cbor" },
    })
    expect(await replica.get("photos", "a")).toBeUndefined()
    expect(await authority.count("photos")).toBe(0)
    await replica.set("others", "a", 1)
  })

  it("fail for a replica that does not know their codec, entry by entry", async () => {
    const { authority, replica } = await pair({ authority: { photos }, replica: {} })
    await authority.set("photos", "a", value)
    await authority.set("others", "b", 1)
    await vi.waitFor(async () => expect(await replica.get("others", "b")).toBe(1))
    await expect(replica.get("photos", "a")).rejects.toMatchObject({ code: "unsupported" })
    expect(await replica.keys("photos")).toEqual(["a"])
  })

  it("come back with the results of deletes, at once and when a write is repeated", async () => {
    const { authority, replica } = await pair({ authority: { photos }, replica: { photos } })
    await replica.set("photos", "a", value)
    expect(await replica.delete("photos", "a")).toEqual({ existed: true, previous: value })
    await replica.set("photos", "a", value)
    const once = { idempotencyKey: "once" }
    const first = await replica.delete("photos", "a", once)
    expect([await replica.delete("photos", "a", once), first.previous]).toEqual([first, value])
    expect((await authority.history("photos", "a"))[0]?.value).toEqual(value)
  })

  it("are read for who hears of refused writes of an earlier run", async () => {
    const kinds = defineKinds({ photos })
    const storage = { base: new MemoryEngine(), outbox: new MemoryEngine() }
    const offline = connect(nobody, { kinds, storage })
    await Promise.allSettled([offline.set("photos", "a", value), offline.close()])
    const refused: Batch[] = []
    const onRefused = (_: unknown, batch: Batch) => void refused.push(batch)
    await pair({ authority: {}, replica: kinds }, { storage, onRefused })
    await vi.waitFor(() => expect(refused.length).toBe(1))
    expect(refused[0]?.ops).toEqual([{ type: "set", kind: "photos", key: "a", value }])
  })

  it("are part of a message in one form only", () => {
    const parse = (set: object) =>
      parseClientMessage({
        type: "mutate",
        answered: 0,
        since: Date.now(),
        kept: true,
        client: "0".repeat(32),
        epoch: "e",
        mutations: [{ mutation: 1, ops: [{ type: "set", kind: "k", key: "a", ...set }] }],
      })
    const packed = { codec: "c", schema: 1, text: "" }
    const good = [
      { value: null },
      { packed },
      { packed: { codec: "c", schema: 2, base64: "AQI=" } },
    ]
    for (const set of good) expect(parse(set)).toMatchObject({ type: "mutate" })
    const bad = [
      {},
      { value: 1, packed },
      { packed: { codec: "c", schema: 0, text: "" } },
      { packed: { codec: "c", schema: 1 } },
      { packed: { codec: "c", schema: 1, text: "", base64: "" } },
      { packed: { codec: "c", schema: 1, base64: "AQI" } },
      { packed: { codec: "c", schema: 1, base64: "?" } },
      { packed: { codec: 1, schema: 1, text: "" } },
    ]
    for (const set of bad) {
      expect(() => parse(set)).toThrow(expect.objectContaining({ code: "invalid_value" }))
    }
  })

  it("that their codec cannot read are refused, and block nothing", async () => {
    const broken = { ...cborCodec, encode: () => new Uint8Array([255]) }
    const { replica } = await pair({
      authority: { photos },
      replica: { photos: kind({ codec: broken }) },
    })
    await expect(replica.set("photos", "a", value)).rejects.toMatchObject({
      code: "invalid_value",
      details: { kind: "photos", key: "a", codec: "cbor" },
    })
    expect((await replica.set("others", "a", 1)).outcome).toBe("created")
  })

  it("cross to a worker and back as what they are", () => {
    const fact = { kind: "k", key: "a", value: new Packed("c", 2, new Uint8Array([1, 2])) }
    const plain = { kind: "k", key: "b", value: { packed: 1, rows: [{ value: 2 }] } }
    const deleted = { existed: true, previous: new Packed("c", 1, "text") }
    const messages = [
      fact,
      undefined,
      7,
      ["k", "a"],
      [fact, plain],
      { epoch: "e", to: 1, changes: [{ ...fact, previous: 3 }], reset: { rows: [plain, fact] } },
      [{ applied: true, result: { seq: 1, results: [deleted, { outcome: "created" }] } }],
    ]
    for (const message of messages) {
      expect(arrived(structuredClone(departing(message)))).toStrictEqual(message)
    }
  })

  it("need a store that tells its stored form: a look-alike is refused at once", () => {
    const lookAlike = openStore().readonly() as Store
    const end = { send() {}, receive() {}, close() {} }
    const authorization = { principal: "test" }
    expect(() => serve(lookAlike, end, { authorization })).toThrow(
      expect.objectContaining({ code: "unsupported" }),
    )
  })
})

describe("Z8 writes of replicas", () => {
  it("are judged by the authority's schemas, whatever the replica declares", async () => {
    const name = v.object({ name: v.pipe(v.string(), v.trim(), v.minLength(1)) })
    const { authority, replica } = await pair({ authority: { users: kind(name) }, replica: {} })
    await replica.set("users", "a", { name: " Alice " })
    expect(await authority.get("users", "a")).toEqual({ name: "Alice" })
    await vi.waitFor(() => expect(replica.peek("users", "a")).toEqual({ name: "Alice" }))
    const bad = replica.commit({
      ops: [{ type: "set", kind: "users", key: "a", value: { name: "" } }],
    })
    await expect(bad).rejects.toMatchObject({
      code: "validation_failed",
      details: { kind: "users", key: "a", path: "name" },
    })
    expect(replica.peek("users", "a")).toEqual({ name: "Alice" })
  })

  it("are judged by schemas that answer later, and refused where one throws", async () => {
    const isFree = v.checkAsync(async (text: string) => text !== "taken")
    const holds = v.check((text: string) => {
      if (text === "break") throw new RangeError("out of order")
      return true
    })
    const taken = v.pipeAsync(v.string(), isFree)
    const broken = v.pipe(v.string(), holds)
    const kinds = { names: kind(taken), words: kind(broken) }
    const { authority, replica } = await pair({ authority: kinds, replica: {} })
    await replica.set("names", "a", "free")
    await expect(replica.set("names", "b", "taken")).rejects.toMatchObject({
      code: "validation_failed",
    })
    await expect(replica.set("words", "c", "break")).rejects.toMatchObject({
      code: "validation_failed",
      details: { kind: "words", key: "c" },
    })
    await replica.set("words", "c", "fine")
    expect([await authority.count("names"), await authority.count("words")]).toEqual([1, 1])
  })
})

describe("G16 replicas of other releases than their authority", () => {
  interface Old {
    readonly text: string
  }
  const first = kind<Old>()
  const second = kind<Old & { size: number }>({
    version: 2,
    upcast: { 1: (note: Old) => ({ ...note, size: 0 }) },
  })

  it("the writes of one that does not know the schema are brought up to date, but not over what a newer one wrote", async () => {
    const { authority, replica } = await pair({ authority: { notes: second }, replica: {} })
    await replica.set("notes", "a", { text: "a" })
    expect(await authority.get("notes", "a")).toEqual({ text: "a", size: 0 })
    await expect(replica.set("notes", "a", { text: "mine" })).rejects.toMatchObject({
      code: "schema_too_new",
      details: { kind: "notes", key: "a", found: 2, known: 1 },
    })
    expect(await replica.get("notes", "a")).toEqual({ text: "a", size: 0 })
    expect(await authority.get("notes", "a")).toEqual({ text: "a", size: 0 })
  })

  it("an older one stops, says which application to load, and that one sends what was owed", async () => {
    const storage = { base: new MemoryEngine(), outbox: new MemoryEngine() }
    const before = await pair(
      { authority: { notes: first }, replica: { notes: first } },
      { storage },
    )
    await before.authority.set("notes", "a", { text: "a" })
    await vi.waitFor(() => expect(before.replica.peek("notes", "a")).toEqual({ text: "a" }))
    await before.replica.close()

    const kinds = { authority: { notes: second, tags }, replica: { notes: first, tags } }
    const old = await pair(kinds, { storage })
    await vi.waitFor(() => expect(old.replica.status.get().connection).toBe("incompatible"))
    expect(old.replica.status.get().reason).toMatchObject({
      code: "schema_too_new",
      details: { schemas: { notes: 2 } },
      hint: expect.stringContaining("Load the newer application"),
    })
    expect(await old.replica.get("notes", "a")).toEqual({ text: "a" })
    const write = old.replica.set("notes", "b", { text: "b" })
    await Promise.allSettled([write, old.replica.close()])
    await expect(write).rejects.toMatchObject({ code: "closed" })

    const next = await pair(
      { authority: { notes: second }, replica: { notes: second } },
      { storage },
    )
    await vi.waitFor(async () =>
      expect(await next.authority.get("notes", "b")).toEqual({ text: "b", size: 0 }),
    )
    expect(next.replica.status.get()).not.toHaveProperty("reason")
  })

  it("none migrates what it follows, but it may look", async () => {
    const { authority, replica } = await pair({
      authority: { notes: first },
      replica: { notes: second },
    })
    await authority.set("notes", "a", { text: "a" })
    await vi.waitFor(async () => expect(await replica.count("notes")).toBe(1))
    await expect(replica.migrate()).rejects.toMatchObject({ code: "unsupported" })
    expect((await replica.migrate({ dryRun: true })).kinds.notes).toMatchObject({ migrated: 1 })
  })

  it("a newer one reads what is old, and its writes wait for the authority to be brought up to date", async () => {
    const engine = new MemoryEngine()
    const open = (notes: Kinds[string]) => openStoreOn(engine, { kinds: { notes } }) as Store
    let authority = open(first as Kinds[string])
    let { channel, cut } = await portWay(authority)
    await authority.set("notes", "a", { text: "a" })
    const switching: Channel = { open: (receiver) => channel.open(receiver) }
    const kinds = defineKinds({ notes: second })
    const replica = connect(switching, { kinds })
    ends.push(() => replica.close())
    expect(await replica.get("notes", "a")).toEqual({ text: "a", size: 0 })
    const write = replica.set("notes", "a", { text: "b", size: 1 })
    await vi.waitFor(() => expect(replica.status.get().pending).toBe(1))
    expect(replica.peek("notes", "a")).toEqual({ text: "b", size: 1 })
    await cut()
    await authority.close()

    authority = open(second as Kinds[string])
    ends.push(() => authority.close())
    ;({ channel, cut } = await portWay(authority))
    expect((await write).outcome).toBe("updated")
    expect(await authority.get("notes", "a")).toEqual({ text: "b", size: 1 })
  })
})
