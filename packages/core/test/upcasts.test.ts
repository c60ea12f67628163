import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { defineKinds, type KindDefinition, type Kinds, kind, type Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import { cborCodec } from "@tidemark/core/codecs/cbor"
import { openStoreOn } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { afterAll, describe, expect, it } from "vitest"
import { z } from "zod"

const folder = mkdtempSync(join(tmpdir(), "tidemark-upcasts-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

type Reopen = (notes?: KindDefinition) => Store
const engines: Record<string, () => Reopen> = {
  memory: () => {
    const engine = new MemoryEngine()
    return (notes) => openStoreOn(engine, { kinds: kindsOf(notes) }) as Store
  },
  "better-sqlite3": () => {
    const path = join(folder, `${++files}.db`)
    return (notes) => openStore({ path, durability: "process", kinds: kindsOf(notes) }) as Store
  },
}
const kindsOf = (notes: KindDefinition | undefined): Kinds => defineKinds(notes ? { notes } : {})

interface Note1 {
  readonly text: string
}
interface Note2 extends Note1 {
  readonly tags: readonly string[]
}
interface Note3 extends Note2 {
  readonly at: Date
}

/** The kind as three releases of an application declare it, with a record of the steps taken. */
function releases() {
  const steps: string[] = []
  const addTags = (note: Note1) => {
    steps.push(`1 of ${note.text}`)
    return { ...note, tags: [] }
  }
  const addTime = (note: Note2) => {
    steps.push(`2 of ${note.text}`)
    return { ...note, at: new Date(0) }
  }
  const first = kind<Note1>() as KindDefinition
  const second = kind<Note2>({ version: 2, upcast: { 1: addTags } }) as KindDefinition
  const third = kind<Note3>({
    version: 3,
    upcast: { 1: addTags, 2: addTime },
    codec: cborCodec,
  }) as KindDefinition
  return { steps, first, second, third }
}

describe.each(Object.entries(engines))("older schemas on %s", (_, engine) => {
  it("G16 an older value is read at the present schema, each step once and in order", async () => {
    const open = engine()
    const { steps, first, second, third } = releases()
    const one = open(first)
    await one.setMany("notes", { a: { text: "a" }, b: { text: "b" } })
    await one.close()
    const two = open(second)
    await two.set("notes", "b", { text: "b2", tags: ["x"] })
    expect(steps.splice(0)).toEqual(["1 of b"]) // To compare it with what was there.
    await two.close()
    const three = open(third)
    const at = new Date(0)
    expect(await three.get("notes", "b")).toEqual({ text: "b2", tags: ["x"], at })
    expect(steps).toEqual(["2 of b2"])
    expect(await three.get("notes", "a")).toEqual({ text: "a", tags: [], at })
    expect(steps).toEqual(["2 of b2", "1 of a", "2 of a"])
    expect((await three.list("notes", { where: { tags: [] } })).map(({ key }) => key)).toEqual([
      "a",
    ])
    expect((await three.history("notes", "b"))[0]).toMatchObject({
      value: { text: "b2", at },
      previous: { text: "b", tags: [], at },
    })
    await three.close()
  })

  it("G16 what is only held is not read, and nothing is written by reading", async () => {
    const open = engine()
    const { steps, first, third } = releases()
    const one = open(first)
    await one.setMany("notes", { a: { text: "a" }, b: { text: "b" } })
    await one.close()
    const three = open(third)
    expect([await three.count("notes"), await three.kinds()]).toEqual([2, ["notes"]])
    expect(steps).toEqual([])
    await three.get("notes", "a")
    expect(three.position).toBe(2)
    await three.close()
    const again = open(first)
    expect(await again.get("notes", "a")).toEqual({ text: "a" })
    await again.close()
  })

  it("G16 a write keeps what it was upcast to; an equal one changes nothing", async () => {
    const open = engine()
    const { first, second } = releases()
    const one = open(first)
    await one.setMany("notes", { a: { text: "a" }, b: { text: "b" } })
    await one.close()
    const two = open(second)
    expect((await two.set("notes", "a", { text: "a", tags: [] })).outcome).toBe("unchanged")
    await two.update("notes", "b", (note) => ({ ...(note as Note2), text: "b2" }))
    const live = two.liveList("notes")
    await live.ready
    expect(live.get().map(({ value }) => value)).toEqual([
      { text: "a", tags: [] },
      { text: "b2", tags: [] },
    ])
    await two.close()
  })

  it("G16 an upcast that fails names kind, key and step, and fails for that entry alone", async () => {
    const open = engine()
    const one = open()
    await one.setMany("notes", { a: { text: "a" }, b: {}, c: { late: 1 }, d: { odd: 1 } })
    await one.close()
    const step = (note: { text?: string; late?: number; odd?: number }): unknown => {
      if (note.late) return Promise.resolve(note)
      if (note.odd) return { when: new Date(0) }
      return { text: (note.text as string).toUpperCase() }
    }
    const two = open(kind({ version: 3, upcast: { 1: step, 2: (note: object) => note } }))
    expect(await two.get("notes", "a")).toEqual({ text: "A" })
    const failing = [
      ["b", 1, expect.any(TypeError)],
      ["c", 1, undefined],
      ["d", 2, expect.objectContaining({ code: "invalid_value" })],
    ] as const
    for (const [key, at, cause] of failing) {
      const error = await two.get("notes", key).catch((thrown: Error) => thrown)
      expect(error).toMatchObject({
        code: "validation_failed",
        details: { kind: "notes", key, step: at },
      })
      expect((error as Error).cause).toEqual(cause)
    }
    await two.set("notes", "b", { text: "B" })
    await two.delete("notes", "c")
    await two.delete("notes", "d")
    expect((await two.list("notes")).map(({ value }) => value)).toEqual([
      { text: "A" },
      { text: "B" },
    ])
    await two.close()
  })

  it("G16 the schema judges what was upcast at the next write, not at a read", async () => {
    const open = engine()
    const one = open()
    await one.set("notes", "a", { text: "a" })
    await one.close()
    const schema = z.object({ text: z.string(), size: z.number() })
    const two = open(kind(schema, { version: 2, upcast: { 1: (note: object) => note } }))
    expect(await two.get("notes", "a")).toEqual({ text: "a" })
    await expect(two.update("notes", "a", (note) => note)).rejects.toMatchObject({
      code: "validation_failed",
      details: { path: "size" },
    })
    await two.close()
  })

  it("G16 what an upcast gives is a copy: its own constants are not frozen", async () => {
    const open = engine()
    const one = open()
    await one.set("notes", "a", {})
    await one.close()
    const none: string[] = []
    const two = open(kind({ version: 2, codec: cborCodec, upcast: { 1: () => ({ tags: none }) } }))
    const value = (await two.get("notes", "a")) as { tags: string[] }
    none.push("later")
    expect(value).toEqual({ tags: [] })
    expect(() => value.tags.push("x")).toThrow(TypeError)
    await two.close()
  })

  it("G16 a kind that is not declared reads what a later schema wrote, and does not write over it", async () => {
    const open = engine()
    const two = open(releases().second)
    await two.set("notes", "a", { text: "a", tags: [] })
    await two.close()
    const none = open()
    expect(await none.get("notes", "a")).toEqual({ text: "a", tags: [] })
    await expect(none.set("notes", "a", 1)).rejects.toMatchObject({ code: "schema_too_new" })
    await none.close()
  })
})

describe("two releases of an application on one file", () => {
  it("G16 the older one is told which entries are too new, and changes none of them", async () => {
    const path = join(folder, `${++files}.db`)
    const { first, second } = releases()
    const reported: unknown[] = []
    const onError = (error: unknown) => void reported.push(error)
    const older = openStore({ path, kinds: kindsOf(first), onError }) as Store
    const newer = openStore({ path, kinds: kindsOf(second) }) as Store
    await older.setMany("notes", { a: { text: "a" }, b: { text: "b" } })
    const live = older.live("notes", "a")
    await live.ready
    expect(await newer.get("notes", "a")).toEqual({ text: "a", tags: [] })
    await newer.set("notes", "a", { text: "a2", tags: [] })

    const refusal = {
      code: "schema_too_new",
      details: { kind: "notes", key: "a", found: 2, known: 1 },
    }
    await expect(older.get("notes", "a")).rejects.toMatchObject(refusal)
    await expect(older.list("notes")).rejects.toMatchObject(refusal)
    await expect(older.set("notes", "a", { text: "mine" })).rejects.toMatchObject(refusal)
    await expect(older.update("notes", "a", (note) => note)).rejects.toMatchObject(refusal)
    await expect(older.setMany("notes", { a: 1, b: 2 })).rejects.toMatchObject(refusal)
    expect(await older.get("notes", "b")).toEqual({ text: "b" })
    expect(await older.keys("notes")).toEqual(["a", "b"])
    await older.set("notes", "b", { text: "b2" })
    expect([live.status, live.get()]).toEqual(["failed", undefined])
    expect(reported[0]).toMatchObject(refusal)

    expect(await newer.get("notes", "a")).toEqual({ text: "a2", tags: [] })
    expect(await newer.get("notes", "b")).toEqual({ text: "b2", tags: [] })
    await newer.close()
    await older.close()
  })
})
