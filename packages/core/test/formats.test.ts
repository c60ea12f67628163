import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import {
  type Codec,
  defineKinds,
  type Kinds,
  kind,
  type Store,
  type StoreOptions,
} from "@tidemark/core"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { cborCodec } from "@tidemark/core/codecs/cbor"
import { devalueCodec } from "@tidemark/core/codecs/devalue"
import { jsonCodec } from "@tidemark/core/codecs/json"
import { msgpackCodec } from "@tidemark/core/codecs/msgpack"
import { yamlCodec } from "@tidemark/core/codecs/yaml"
import { openStoreOn } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { afterAll, describe, expect, it } from "vitest"

const folder = mkdtempSync(join(tmpdir(), "tidemark-formats-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let files = 0

type Reopen = (options?: StoreOptions) => Store
/** Engines that can be opened again, with other kinds. */
const engines: Record<string, () => Reopen> = {
  memory: () => {
    const engine = new MemoryEngine()
    return (options) => openStoreOn(engine, options ?? {}) as Store
  },
  "better-sqlite3": () => {
    const path = join(folder, `${++files}.db`)
    return (options) => openFile({ path, durability: "process", ...options })
  },
}

/** Opens, does something, and closes. */
async function during<T>(
  open: Reopen,
  kinds: Kinds,
  use: (store: Store) => Promise<T>,
): Promise<T> {
  const store = open({ kinds: defineKinds(kinds) })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

const note = { text: "ebb", tags: ["a", "b"], at: 7 }
const codecs = [cborCodec, devalueCodec, jsonCodec, msgpackCodec, yamlCodec]

describe.each(Object.entries(engines))("formats on %s", (_, engine) => {
  it("Z10 a kind reads what every codec wrote, each by its stored name, and writes by its own", async () => {
    const open = engine()
    for (const codec of codecs) {
      await during(open, { notes: kind({ codec }) }, (store) =>
        store.set("notes", codec.name, note),
      )
    }
    await during(open, {}, (store) => store.set("notes", "plain", note))
    const now = { notes: kind({ codec: cborCodec }) }
    const store = open({ kinds: now, codecs })
    const values = (await store.list("notes")).map(({ value }) => value)
    expect(values).toEqual(Array.from({ length: 6 }, () => note))
    await store.update("notes", "yaml", (value) => ({ ...(value as object), at: 8 }))
    await store.close()
    await during(open, now, async (only) => {
      expect(await only.get("notes", "yaml")).toEqual({ ...note, at: 8 })
      await expect(only.get("notes", "msgpack")).rejects.toMatchObject({ code: "unsupported" })
    })
  })

  it("Z10 codecs that any kind declares are known to all", async () => {
    const open = engine()
    await during(open, { notes: kind({ codec: yamlCodec }) }, (store) =>
      store.set("notes", "a", note),
    )
    const kinds = { notes: kind(), others: kind({ codec: yamlCodec }) }
    await during(open, kinds, async (store) => {
      expect(await store.get("notes", "a")).toEqual(note)
    })
  })

  it("Z10 a codec that is not known fails the one entry, naming codec, kind and key", async () => {
    const open = engine()
    await during(open, { notes: kind({ codec: yamlCodec }) }, async (store) => {
      await store.set("notes", "a", note)
    })
    await during(open, { notes: kind() }, async (store) => {
      await store.set("notes", "b", note)
      const refusal = {
        code: "unsupported",
        details: { kind: "notes", key: "a", codec: "yaml" },
        hint: expect.stringMatching(/option codecs/),
      }
      await expect(store.get("notes", "a")).rejects.toMatchObject(refusal)
      await expect(store.list("notes")).rejects.toMatchObject(refusal)
      expect(await store.get("notes", "b")).toEqual(note)
      expect(await store.keys("notes")).toEqual(["a", "b"])
      expect(await store.set("notes", "a", note)).toMatchObject({ outcome: "updated", version: 2 })
      expect(await store.get("notes", "a")).toEqual(note)
    })
  })

  it("Z10 a value that is equal stays as it was written, in whatever format", async () => {
    const open = engine()
    await during(open, { notes: kind({ codec: yamlCodec }) }, (store) =>
      store.set("notes", "a", note),
    )
    const store = open({ kinds: { notes: kind({ codec: cborCodec }) }, codecs: [yamlCodec] })
    expect((await store.set("notes", "a", note)).outcome).toBe("unchanged")
    expect((await store.set("notes", "a", { ...note, at: 8 })).outcome).toBe("updated")
    const [update] = await store.history("notes", "a")
    expect(update).toMatchObject({ value: { at: 8 }, previous: note })
    await store.close()
  })

  it("Z9 values that cannot be compared refuse their batch, and no other", async () => {
    const codec: Codec = {
      name: "loop",
      encode: String,
      decode(data) {
        const loop: { name: string; self?: unknown } = { name: String(data).trim() }
        loop.self = loop
        return loop
      },
    }
    await during(engine(), { loops: kind({ codec }) }, async (store) => {
      await store.set("loops", "a", "tide")
      const [before, refused, after] = await Promise.allSettled([
        store.set("others", "a", 1),
        store.set("loops", "a", "tide "), // Other bytes, and the same loop.
        store.set("others", "b", 2),
      ])
      expect([before.status, after.status]).toEqual(["fulfilled", "fulfilled"])
      expect(refused).toMatchObject({
        reason: { code: "validation_failed", details: { kind: "loops", key: "a" } },
      })
      expect((await store.changes({ after: 0 })).length).toBe(3)
    })
  })

  it("Z10 codecs given at open must be codecs", () => {
    const half = { name: "half", decode: String } as unknown as Codec
    expect(() => engine()({ codecs: [half] })).toThrow(
      expect.objectContaining({ code: "invalid_value" }),
    )
  })
})
