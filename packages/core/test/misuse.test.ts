import { createUndo, defineKinds, derive, kind, StoreError } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { openStore as openFile } from "@tidemark/core/node-sqlite"
import { describe, expect, it } from "vitest"
import { z } from "zod"

/** What plain JavaScript may do, and TypeScript would refuse. */
// biome-ignore lint/suspicious/noExplicitAny: the point of these tests is what no type stops.
type Anything = any

const schema = z.object({ name: z.string() })
const open = (options: Anything = {}): Anything => openStore(options)
const atFile = (options?: Anything): Anything => (openFile as Anything)(options)

type Misuse = readonly [what: string, how: () => unknown, message: RegExp]

const opening: readonly Misuse[] = [
  ["no options for a file", () => atFile(), /not given its options.*Use path/],
  ["a path alone", () => atFile("app.db"), /not given its options/],
  ["an empty path", () => atFile({ path: "" }), /"" is no path.*":memory:"/],
  ["a path that is missing", () => atFile({}), /undefined is no path/],
  ["a path that is a number", () => atFile({ path: 5 }), /5 is no path/],
  [
    "a durability that is misspelt",
    () => atFile({ path: ":memory:", durability: "ful" }),
    /"ful" is no durability.*"full" or "process"/,
  ],
  [
    "another onCorrupt",
    () => atFile({ path: ":memory:", onCorrupt: "wipe" }),
    /"wipe" is no onCorrupt/,
  ],
  [
    "another checkAtOpen",
    () => atFile({ path: ":memory:", checkAtOpen: true }),
    /true is no checkAtOpen/,
  ],
  [
    "a time that is a text",
    () => atFile({ path: ":memory:", pollInterval: "5" }),
    /"5" is no pollInterval/,
  ],
  [
    "an option that is misspelt",
    () => atFile({ path: ":memory:", durabilty: "full" }),
    /no option durabilty.*durability/,
  ],
  ["an option that memory has not", () => open({ onerror() {} }), /no option onerror.*onError/],
  [
    "a schema that is not declared with kind()",
    () => open({ kinds: { u: schema } }),
    /kind\(schema\)/,
  ],
  ["the same in defineKinds", () => defineKinds({ u: schema as Anything }), /kind\(schema\)/],
]

const using: readonly Misuse[] = [
  ["a key that is missing", () => open().set("u"), /The key is undefined/],
  ["a key that is a number", () => open().set("u", 5, 1), /The key is no string but number/],
  [
    "a write's option that is misspelt",
    () => open().set("u", "a", 1, { tll: 5 }),
    /no option tll.*ttl/,
  ],
  ["the same of a delete", () => open().delete("u", "a", { ifversion: 1 }), /no option ifversion/],
  ["the same of a touch", () => open().touch("u", "a", { tll: 5 }), /no option tll/],
  [
    "the same in a transaction",
    () => open().transaction((tx: Anything) => tx.set("u", "a", 1, { tll: 5 })),
    /no option tll/,
  ],
  [
    "a version that cannot be",
    () => open().set("u", "a", 1, { ifVersion: "exists" }),
    /"exists" is no version.*"absent" or "present"/,
  ],
  [
    "the same in a batch",
    () => open().commit({ ops: [], expect: [{ kind: "u", key: "a", version: "exists" }] }),
    /"exists" is no version/,
  ],
  ["an update without a function", () => open().update("u", "a", {}), /is no function/],
  ["many entries that are none", () => open().setMany("u"), /u: setMany\(\) was given no entries/],
  ["many entries in a list", () => open().setMany("u", [{ key: "a" }]), /\[key, value\] pairs/],
  ["a batch without ops", () => open().commit({ op: [] }), /no batch.*ops/],
  ["a list of ops for a batch", () => open().commit([]), /no batch/],
  ["no batch at all", () => open().commit(), /no batch/],
  ["a transaction without a function", () => open().transaction(), /is no function.*async \(tx\)/],
  ["no target", () => open().watch(), /cannot be followed.*\["kind", "key"\]/],
  ["a target of another form", () => open().watch({ kind: "u", key: "a" }), /cannot be followed/],
  ["the same among several", () => open().watch({ anyOf: ["u", 5] }), /cannot be followed/],
  ["a beginning that is none", () => open().watch("u", { from: "start" }), /at "start".*"current"/],
  [
    "types that are none",
    () => open().watch("u", { types: ["created"] }),
    /told of created.*"create"/,
  ],
  ["nobody to tell", () => open().watch("u").subscribe(), /nobody to tell/],
  ["a consumer without a handler", () => open().consume("c", "u"), /handler.*is no function/],
  [
    "a consumer whose arguments are mixed up",
    () => open().consume("c", () => {}, "u"),
    /cannot be followed/,
  ],
  ["an undo without options", () => (createUndo as Anything)(open()), /needs an origin/],
  [
    "a derivation without a function",
    () => (derive as Anything)([open().live("u", "a")]),
    /is no function/,
  ],
]

const refused = async (how: () => unknown): Promise<StoreError> => {
  try {
    await how()
  } catch (error) {
    if (StoreError.is(error)) return error
    throw error
  }
  throw new Error("nothing was refused")
}

describe("E1 misuse in plain JavaScript is refused at once, and the error says what to give", () => {
  for (const [what, how, message] of [...opening, ...using]) {
    it(`E1 ${what}`, async () => {
      const error = await refused(how)
      expect(error.message).toMatch(message)
      expect(["invalid_value", "invalid_key"]).toContain(error.code)
    })
  }

  it("E1 a strict store follows no kind that it does not know", async () => {
    await using store: Anything = open({ strict: true, kinds: defineKinds({ users: kind() }) })
    for (const target of [
      "user",
      ["user", "a"],
      { kind: "user", prefix: "a" },
      { anyOf: ["user"] },
    ]) {
      expect((await refused(() => store.watch(target))).code).toBe("not_found")
      expect((await refused(() => store.consume("c", target, () => {}))).code).toBe("not_found")
    }
    store.watch("users")
    store.watch("*")
  })

  it("E1 options count where a kind has no schema: kind(undefined, options)", () => {
    expect((kind as Anything)(undefined, { ttl: 5 }).ttl).toBe(5)
  })

  it("E1 the stack of an error says StoreError", async () => {
    expect((await refused(() => open().set("u"))).stack).toMatch(/^(Error|StoreError): The key/)
  })
})
