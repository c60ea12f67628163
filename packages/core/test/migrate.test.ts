import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { defineKinds, type KindDefinition, type Kinds, kind, type Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import { cborCodec } from "@tidemark/core/codecs/cbor"
import { yamlCodec } from "@tidemark/core/codecs/yaml"
import { openStoreOn } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { describe, expect, it } from "vitest"
import { z } from "zod"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
let files = 0

type Reopen = (kinds?: Kinds) => Store
const engines: Record<string, () => Reopen> = {
  memory: () => {
    const engine = new MemoryEngine()
    return (kinds = {}) => openStoreOn(engine, { kinds: defineKinds(kinds), codecs }) as Store
  },
  "better-sqlite3": () => {
    const path = join(folder, `${++files}.db`)
    return (kinds = {}) =>
      openStore({ path, durability: "process", kinds: defineKinds(kinds), codecs }) as Store
  },
}
const codecs = [yamlCodec]

interface Note {
  readonly text: string
}
const addTags = (note: Note) => ({ ...note, tags: [] })
const second = kind({ version: 2, upcast: { 1: addTags } })

/** A store with so many notes of the first schema, n0 and on. */
async function written(open: Reopen, count: number): Promise<void> {
  const store = open()
  await store.setMany(
    "notes",
    Array.from({ length: count }, (_, n) => [`n${n}`, { text: `${n}` }] as const),
  )
  await store.close()
}

describe.each(Object.entries(engines))("a migration on %s", (_, engine) => {
  it("G16 a dry run tells the forms and what would fail, and writes nothing", async () => {
    const open = engine()
    await written(open, 3)
    const yaml = open({ notes: kind({ codec: yamlCodec }) })
    await yaml.setMany("notes", { n1: { text: "1" }, y: { text: "" }, z: { text: "z" } })
    await yaml.close()
    const schema = z.object({ text: z.string().min(1), tags: z.array(z.string()) })
    const store = open({
      notes: kind(schema, { codec: cborCodec, version: 2, upcast: { 1: addTags } }),
      others: kind({ version: 2, upcast: { 1: addTags } }),
    })
    await store.set("notes", "new", { text: "new", tags: [] })
    const { position } = store
    const { kinds } = await store.migrate({ dryRun: true })
    expect(kinds).toEqual({
      notes: {
        forms: expect.arrayContaining([
          { schema: 1, entries: 3 },
          { schema: 1, codec: "yaml", entries: 2 },
          { schema: 2, codec: "cbor", entries: 1 },
        ]),
        migrated: 4,
        failed: 1,
        failures: [{ key: "y", error: expect.objectContaining({ code: "validation_failed" }) }],
      },
    })
    expect(store.position).toBe(position)
    expect((await store.migrate({ kinds: ["others"], dryRun: true })).kinds).toEqual({})
    await store.close()
  })

  it("G16 every entry is brought to the present form by an ordinary change, once", async () => {
    const open = engine()
    await written(open, 250)
    const store = open({ notes: second })
    const told: string[] = []
    store.watch("notes").subscribe(({ cause }) => void told.push(cause))
    const progress: number[] = []
    const first = await store.migrate({ onProgress: ({ looked }) => void progress.push(looked) })
    expect(first.kinds.notes).toMatchObject({ migrated: 250, failed: 0, failures: [] })
    expect(progress).toEqual([100, 200, 250])
    expect(await store.entry("notes", "n7")).toMatchObject({
      value: { text: "7", tags: [] },
      version: 2,
    })
    const [change] = await store.history("notes", "n7")
    expect(change).toMatchObject({ type: "update", cause: "migrated", version: 2 })
    const again = await store.migrate()
    expect(again.kinds.notes).toMatchObject({
      forms: [{ schema: 2, codec: "json", entries: 250 }],
      migrated: 0,
    })
    await store.close()
    expect(new Set(told)).toEqual(new Set(["migrated"]))
    expect(told.length).toBe(250)
  })

  it("G16 a kind without a codec any more is brought back to plain JSON, with its end", async () => {
    const open = engine()
    const before = open({ notes: kind({ codec: cborCodec }) })
    const end = Date.now() + 60_000
    await before.set("notes", "a", { text: "a" }, { expiresAt: end })
    await before.close()
    const store = open({ notes: kind(), others: kind({ codec: cborCodec }) })
    await store.migrate()
    await store.close()
    const none = open()
    expect(await none.entry("notes", "a")).toMatchObject({ value: { text: "a" }, expiresAt: end })
    await none.close()
  })

  it("G16 whoever writes meanwhile wins", async () => {
    const open = engine()
    await written(open, 5)
    let isFirst = true
    const meddle = (note: Note) => {
      if (isFirst) {
        isFirst = false
        void store.set("notes", "n1", { text: "theirs", tags: ["x"] })
        void store.delete("notes", "n2")
      }
      return addTags(note)
    }
    const store = open({ notes: kind({ version: 2, upcast: { 1: meddle } }) })
    const { kinds } = await store.migrate()
    expect(kinds.notes).toMatchObject({ migrated: 3, failed: 0 })
    expect(await store.entry("notes", "n1")).toMatchObject({
      value: { text: "theirs", tags: ["x"] },
      version: 2,
    })
    expect(await store.keys("notes")).toEqual(["n0", "n1", "n3", "n4"])
    expect((await store.entry("notes", "n4"))?.version).toBe(2)
    await store.close()
  })

  it("G16 a signal ends it between two portions, and the next one goes on", async () => {
    const open = engine()
    await written(open, 250)
    const store = open({ notes: second })
    const abort = new AbortController()
    const onProgress = () => abort.abort(new Error("enough"))
    await expect(store.migrate({ onProgress, signal: abort.signal })).rejects.toMatchObject({
      code: "aborted",
      cause: expect.objectContaining({ message: "enough" }),
    })
    expect((await store.changes({ after: 250 })).length).toBe(100)
    await store.close()
    const next = open({ notes: second })
    expect((await next.migrate()).kinds.notes).toMatchObject({ migrated: 150 })
    expect((await next.list("notes", { where: { tags: [] } })).length).toBe(250)
    expect(next.position).toBe(500)
    await next.close()
  })

  it("G16 what fails stays as it is and is told, and the rest goes on", async () => {
    const open = engine()
    await written(open, 150)
    const odd = (note: Note) => {
      if (Number(note.text) % 2 === 1) throw new RangeError("odd")
      return addTags(note)
    }
    const store = open({ notes: kind({ version: 2, upcast: { 1: odd } }) })
    const { notes } = (await store.migrate()).kinds
    expect(notes).toMatchObject({ migrated: 75, failed: 75 })
    expect(notes?.failures[0]).toMatchObject({
      key: "n1",
      error: { code: "validation_failed", details: { kind: "notes", key: "n1", step: 1 } },
    })
    expect((await store.entry("notes", "n0"))?.version).toBe(2)
    await store.close()
    const before = open()
    expect(await before.entry("notes", "n1")).toMatchObject({ value: { text: "1" }, version: 1 })
    await before.close()
  })

  it("G16 no more failures are told than can be looked at, and asynchronous schemas are waited for", async () => {
    const open = engine()
    await written(open, 120)
    const schema = z.object({ text: z.string(), tags: z.array(z.string()) })
    const later = schema.refine(async ({ text }) => text === "7")
    const notes = kind(later, { version: 2, upcast: { 1: addTags } }) as KindDefinition
    const store = open({ notes })
    const report = (await store.migrate()).kinds.notes
    expect(report).toMatchObject({ migrated: 1, failed: 119 })
    expect(report?.failures.length).toBe(100)
    await store.close()
  })

  it("G16 the kinds of scopes are migrated with those of their local name", async () => {
    const open = engine()
    const before = open()
    for (const name of ["one", "two"]) await before.scope(name).set("notes", "a", { text: name })
    await before.close()
    const store = open({ notes: second })
    const migrated = { migrated: 1, failed: 0 }
    expect((await store.scope("one").migrate()).kinds.notes).toMatchObject(migrated)
    expect((await store.migrate({ kinds: ["notes"] })).kinds.notes).toMatchObject(migrated)
    expect(await store.scope("one").get("notes", "a")).toEqual({ text: "one", tags: [] })
    expect(await store.scope("two").entry("notes", "a")).toMatchObject({ version: 2 })
    await store.close()
  })

  it("G16 a store that closes ends its migration", async () => {
    const open = engine()
    await written(open, 250)
    const store = open({ notes: second })
    const closing: Promise<void>[] = []
    const onProgress = () => void closing.push(store.close())
    await expect(store.migrate({ onProgress })).rejects.toMatchObject({ code: "closed" })
    await Promise.all(closing)
  })
})

it("G16 a migration that is killed in the middle has lost nothing, and the next one goes on", async () => {
  const path = join(folder, "killed.db")
  await written(() => openStore({ path, durability: "process" }) as Store, 3_000)
  const migrator = fileURLToPath(new URL("migrator.mjs", import.meta.url))
  const process_ = spawn(process.execPath, [migrator, path], {
    stdio: ["ignore", "pipe", "inherit"],
  })
  await once(process_.stdout, "data")
  process_.kill("SIGKILL")
  await once(process_, "exit")
  const store = openStore({ path, kinds: defineKinds({ notes: second }) })
  const done = store.position - 3_000
  expect(done).toBeGreaterThan(0)
  const { notes } = (await store.migrate()).kinds
  expect(notes).toMatchObject({ migrated: 3_000 - done, failed: 0 })
  const entries = await store.list("notes")
  expect(entries.length).toBe(3_000)
  expect(new Set(entries.map(({ version }) => version))).toEqual(new Set([2]))
  expect((await store.check()).ok).toBe(true)
  await store.close()
})
