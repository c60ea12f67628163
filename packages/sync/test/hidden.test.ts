import { defineKinds, kind, type Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { createHandler, type HandlerOptions } from "@tidemark/sync/http-handler"
import { afterEach, beforeEach, describe, expect, it } from "vitest"

/** A codec that does not look at what it reads: so often a list of two, both the same. */
const doubling = {
  name: "doubling",
  encode: String,
  decode(text: string | Uint8Array) {
    let value: unknown = "end"
    for (let level = 0; level < Number(text); level++) value = [value, value]
    return value
  },
}
const client = "c".repeat(32)
let store: Store
let clock: TestClock
beforeEach(() => {
  clock = new TestClock()
  const kinds = defineKinds({ tags: kind({ codec: doubling }) })
  store = openStore({ kinds, clock }) as unknown as Store
})
afterEach(() => store.close())

/** What the authority makes of a set of a packed value, and of one with nothing wrong behind it. */
async function answersTo(set: object, options: Partial<HandlerOptions> = {}) {
  const handler = createHandler(store, {
    clock,
    authorize: () => ({ principal: "me" }),
    ...options,
  })
  const body = {
    type: "mutate",
    client,
    epoch: store.epoch,
    answered: 0,
    since: clock.now(),
    kept: true,
    mutations: [set, { value: "next" }].map((one, index) => ({
      mutation: index + 1,
      ops: [{ type: "set", kind: "u", key: `${index}`, ...one }],
    })),
  }
  const headers = { "content-type": "application/json" }
  const request = { method: "POST", headers, body: JSON.stringify(body) }
  const response = await handler(new Request("http://app.test/", request))
  return (await response.json()) as { readonly type: string; readonly error?: { code: string } }[]
}

const json = (text: string) => ({ packed: { codec: "json", schema: 1, text } })
const nested = (levels: number) => `${"[".repeat(levels)}1${"]".repeat(levels)}`
describe("C6 what a codec has hidden is held to the same limits", () => {
  it.each([
    ["a name that reaches a prototype", json('{"a":[{"__proto__":{"x":1}}]}'), "invalid_value"],
    ["… in what the writer had seen", { value: 1, over: json('{"__proto__":1}') }, "invalid_value"],
    ["too many levels", json(nested(101)), "quota_exceeded"],
    ["too many values", json(`[${"1,".repeat(500_000)}1]`), "quota_exceeded"],
    [
      "one list in very many places",
      { packed: { codec: "doubling", schema: 1, text: "60" } },
      "quota_exceeded",
    ],
  ])("%s is refused, and holds up no other write", async (_, set, code) => {
    expect(await answersTo(set)).toMatchObject([
      { type: "reject", error: { code } },
      { type: "ack" },
    ])
    expect(await store.keys("u")).toEqual(["1"])
  })

  it("and what keeps within them is taken", async () => {
    expect(await answersTo(json(nested(100)))).toMatchObject([{ type: "ack" }, { type: "ack" }])
    const named = json('{"__proto__":1}')
    const open = { prototypeNames: true }
    const other = { ...open, limits: { depth: Number.POSITIVE_INFINITY } }
    expect((await answersTo(named, open))[0]).toMatchObject({ type: "ack" })
    expect((await answersTo(named, other))[0]).toMatchObject({ type: "ack" })
  })
})
