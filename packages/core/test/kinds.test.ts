import { defineKinds, kind } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { describe, expect, it } from "vitest"
import { z } from "zod"

const user = z.object({
  name: z.string().trim().min(1),
  born: z.coerce.number().int(),
  role: z.enum(["admin", "guest"]).default("guest"),
  address: z.object({ city: z.string() }).optional(),
})
const taken = new Set(["eve"])
const nickname = z.string().refine(async (name) => !(await Promise.resolve(taken.has(name))), {
  error: "is taken",
})

function open() {
  return openStore({ kinds: defineKinds({ users: kind(user), nicknames: kind(nickname) }) })
}

describe("a kind with a schema", () => {
  it("Z8 stores what the schema makes of a value: trimmed, coerced, with defaults", async () => {
    const store = open()
    await store.set("users", "a", { name: "  Alice ", born: "1990" })
    expect(await store.get("users", "a")).toEqual({ name: "Alice", born: 1990, role: "guest" })
    await store.update("users", "a", (value) => ({ ...value, born: "1991" }))
    expect(store.peek("users", "a")).toMatchObject({ born: 1991 })
    await store.close()
  })

  it("Z8 refuses what does not fit, with every issue and the path of the first", async () => {
    const store = open()
    const bad = { name: "", born: 1.5, address: { city: 7 } } as never
    await expect(store.set("users", "a", bad)).rejects.toMatchObject({
      code: "validation_failed",
      message: expect.stringMatching(/^users\/a does not fit its schema: name: /),
      hint: expect.stringMatching(/Nothing was written/),
      details: {
        kind: "users",
        key: "a",
        path: "name",
        issues: [{ path: "name" }, { path: "born" }, { path: "address.city" }],
      },
    })
    expect([store.position, store.status.get().pending]).toEqual([0, 0])
    await store.close()
  })

  it("Z8 one entry that does not fit refuses its whole batch", async () => {
    const store = open()
    const entries = { a: { name: "Alice", born: 1 }, b: { name: "Bob" } } as never
    await expect(store.setMany("users", entries)).rejects.toMatchObject({
      code: "validation_failed",
      details: { key: "b", path: "born" },
    })
    expect(await store.count("users")).toBe(0)
    await store.close()
  })

  it("Z8 a schema may answer later, on every way of writing", async () => {
    const store = open()
    await store.set("nicknames", "a", "ali")
    await store.setMany("nicknames", { b: "bob", c: "cid" })
    await store.update("nicknames", "a", (name) => `${name}ce`)
    await store.transaction((tx) => tx.set("nicknames", "d", "dan"))
    await store.commit({ ops: [{ type: "set", kind: "nicknames", key: "e", value: "eli" }] })
    expect((await store.list("nicknames")).map(({ value }) => value)).toEqual([
      "alice",
      "bob",
      "cid",
      "dan",
      "eli",
    ])
    const writes = [
      store.set("nicknames", "x", "eve"),
      store.setMany("nicknames", { x: "xi", y: "eve" }),
      store.update("nicknames", "a", () => "eve"),
      store.transaction((tx) => tx.set("nicknames", "x", "eve")),
      store.commit({ ops: [{ type: "set", kind: "nicknames", key: "x", value: "eve" }] }),
    ]
    for (const write of writes) {
      await expect(write).rejects.toMatchObject({
        code: "validation_failed",
        message: expect.stringContaining("is taken"),
      })
    }
    expect(await store.count("nicknames")).toBe(5)
    await store.close()
  })

  it("Z8 what a schema makes must still be JSON", async () => {
    const dates = defineKinds({ days: kind(z.coerce.date()) })
    const store = openStore({ kinds: dates })
    await expect(store.set("days", "a", "2026-01-01")).rejects.toMatchObject({
      code: "invalid_value",
      message: expect.stringContaining("an instance of Date"),
    })
    await store.close()
  })
})

describe("defineKinds", () => {
  it.each(["", "*", "tidemark:own", "\ud800"])("Z8 refuses the name %o", (name) => {
    expect(() => defineKinds({ [name]: kind() })).toThrow(
      expect.objectContaining({ code: "invalid_key", hint: expect.any(String) }),
    )
  })

  it("Z8 a strict store takes no name of a prototype for a kind", async () => {
    const store = openStore({ strict: true, kinds: defineKinds({ users: kind<string>() }) })
    for (const name of ["constructor", "__proto__", "hasOwnProperty"]) {
      await expect(store.get(name, "a")).rejects.toMatchObject({ code: "not_found" })
    }
    await store.close()
  })
})
