import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { answerMutate } from "../src/authority.ts"
import type { Mutation } from "../src/message.ts"

const client = "c".repeat(32)
const me = { principal: "me" }
let store: Store
let clock: TestClock
beforeEach(() => {
  clock = new TestClock()
  // So little is kept of an entry that nothing of before can be read from the log.
  store = openStore({ clock, retention: { versions: 1, changes: 1 } })
})
afterEach(() => store.close())

const setting = (mutation: number, value: unknown, more: Partial<Mutation> = {}): Mutation => ({
  mutation,
  ops: [{ type: "set", kind: "u", key: "a", value }],
  ...more,
})
const refused = (mutation: number) =>
  setting(mutation, 0, { expect: [{ kind: "u", key: "a", version: 999 }] })
const say = (answered: number, mutations: readonly Mutation[], id = client) =>
  answerMutate(store, me, {
    type: "mutate",
    client: id,
    epoch: store.epoch,
    answered,
    since: clock.now(),
    kept: true,
    mutations,
  })
const kept = async () => (await store.keys("tidemark:refusals")).length

describe("C6 a refusal", () => {
  it("is answered again as one, however much of the log was let go since", async () => {
    const first = await say(0, [refused(1)])
    for (let mutation = 2; mutation <= 50; mutation++) await say(0, [setting(mutation, mutation)])
    await store.prune({ versions: 0, changes: 0 })
    expect(first).toMatchObject([{ type: "reject", mutation: 1, error: { code: "conflict" } }])
    expect(await say(0, [refused(1)])).toEqual(first)
    const again = await say(0, [setting(2, 2)])
    expect(again).toMatchObject([{ type: "ack", mutation: 2 }])
    expect(again[0]).not.toHaveProperty("results") // The log no longer tells.
  })

  it("is kept until its client has heard of it, and no longer", async () => {
    await say(0, [1, 2, 3].map(refused))
    expect(await kept()).toBe(3)
    await say(2, [setting(4, 4)])
    await say(2, [refused(5)])
    expect(await kept()).toBe(2)
    expect(await say(2, [refused(3)])).toMatchObject([{ type: "reject", mutation: 3 }])
  })

  it("waits where a client hears of none: a thousand are kept", async () => {
    const many = Array.from({ length: 1_010 }, (_, index) =>
      setting(index + 1, 0, { cause: "migrated" }),
    )
    const answers = await say(0, many)
    expect(answers).toHaveLength(1_001)
    expect(answers.at(-1)).toMatchObject({ type: "retry" })
    expect(await kept()).toBe(1_000)
    const rest = await say(1_000, many.slice(1_000))
    expect(rest.map(({ type }) => type)).toEqual(Array(10).fill("reject"))
    expect(await kept()).toBe(10)
  })

  it("stands for a write that was too large to be sent, so that the next ones are not held up", async () => {
    const answers = await say(0, [{ mutation: 1, ops: [], large: 9_000_000 }, setting(2, 2)])
    expect(answers).toMatchObject([
      { type: "reject", error: { code: "quota_exceeded", details: { bytes: 9_000_000 } } },
      { type: "ack" },
    ])
    // One that did come, and was acknowledged, stays so.
    expect(await say(0, [{ mutation: 2, ops: [], large: 9_000_000 }])).toEqual([
      { type: "ack", mutation: 2, seq: expect.any(Number) },
    ])
  })
})

describe("C6 a write with an idempotency key that was known", () => {
  const once = { idempotencyKey: "once" }
  const deleting = (mutation: number): Mutation => ({
    mutation,
    ops: [{ type: "delete", kind: "u", key: "a" }],
    ...once,
  })

  it("is answered as the first, and so is its repeat, by whatever number", async () => {
    await store.set("u", "a", "before")
    const other = "d".repeat(32)
    const [first] = await say(0, [deleting(1)])
    await store.set("u", "a", "after")
    const [second] = await say(0, [deleting(1)], other)
    expect(second).toEqual(first)
    expect(first).toMatchObject({ results: [{ existed: true, previous: "before" }] })
    await say(0, [setting(2, 2)], other)
    expect((await say(0, [deleting(1)], other))[0]).toEqual(first)
  })

  it("has the results of its own ops alone, where the log no longer reaches back", async () => {
    await say(0, [setting(1, 1, once)])
    await store.prune({ versions: 0, changes: 0 })
    const [again] = await say(0, [setting(1, 1, once)], "d".repeat(32))
    expect(again).toMatchObject({ results: [{ outcome: "created", version: 1, seq: 1 }] })
    expect(again).toHaveProperty("results.length", 1)
  })
})
