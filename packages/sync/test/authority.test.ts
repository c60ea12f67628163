import type { Store } from "@tidemark/core"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { MemoryEngine, openStore } from "@tidemark/core/memory"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { answerMutate } from "../src/authority.ts"
import type { Mutation } from "../src/message.ts"

const client = "c".repeat(32)
const writer = { type: "mutate" as const, answered: 0, since: Date.now(), kept: true }
const me = { principal: "me" }
let store: Store
beforeEach(() => {
  store = openStore()
})
afterEach(() => store.close())

const setting = (mutation: number, value: unknown, more: Partial<Mutation> = {}): Mutation => ({
  mutation,
  ops: [{ type: "set", kind: "u", key: "a", value }],
  ...more,
})
const send = (...mutations: Mutation[]) =>
  answerMutate(store, me, { ...writer, client, epoch: store.epoch, mutations })

describe("C6 an authority", () => {
  it("applies a mutation once, and answers a repeat with what it answered first", async () => {
    const first = await send(setting(1, 1))
    expect(first).toEqual([
      { type: "ack", mutation: 1, seq: 2, results: [{ outcome: "created", version: 1, seq: 1 }] },
    ])
    expect(await send(setting(1, 1))).toEqual(first)
    expect(await send(setting(1, 1), setting(1, 1))).toEqual([...first, ...first])
    expect((await store.entry("u", "a"))?.version).toBe(1)
  })

  it("applies copies that come at the same time once", async () => {
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => send(setting(1, 1), setting(2, 2))),
    )
    for (const answer of answers) expect(answer).toEqual(answers[0])
    expect((await store.entry("u", "a"))?.version).toBe(2)
  })

  it("commits what follows each other in a message together, up to what it refuses, and goes on behind", async () => {
    const { engine, sizes } = counted()
    await using fast = openStoreAtOnce(engine)
    const wrong = setting(4, 4, { expect: [{ kind: "u", key: "a", version: 9 }] })
    const never = setting(8, 8, { cause: "migrated" })
    const mutations = [1, 2, 3, wrong, 5, 6, 7, never, 9, 10].map((one) =>
      typeof one === "number" ? setting(one, one) : one,
    )
    const message = { ...writer, client, epoch: fast.epoch, mutations }
    const answers = await answerMutate(fast, me, message)
    expect(answers.map(({ type }) => type).join(" ")).toBe(
      "ack ack ack reject ack ack ack reject ack ack",
    )
    expect(await fast.entry("u", "a")).toMatchObject({ value: 10, version: 8 })
    // The first makes the record, and each refusal is a commit of its own; what is behind is written anew.
    expect(sizes).toEqual([1, 6, 1, 3, 1, 2])
    expect(await answerMutate(fast, me, message)).toEqual(answers)
  })

  it("commits many together as long as it refuses none, and few where it refuses one after the other", async () => {
    const { engine, sizes } = counted()
    await using fast = openStoreAtOnce(engine)
    const wrong = { expect: [{ kind: "u", key: "a", version: 9_999 }] }
    const numbers = Array.from({ length: 700 }, (_, n) => n + 1)
    const mutations = numbers.map((n) => setting(n, n, n > 400 && n <= 500 ? wrong : {}))
    const message = { ...writer, client, epoch: fast.epoch, mutations }
    const answers = await answerMutate(fast, me, message)
    expect(answers.map(({ type }) => type)).toEqual(
      numbers.map((n) => (n > 400 && n <= 500 ? "reject" : "ack")),
    )
    expect(sizes.slice(0, 3)).toEqual([1, 256, 256]) // 1, 2 to 257, and 258 to 513 with refusals among them.
    expect(sizes.reduce((sum, size) => sum + size)).toBeLessThan(700 + 100 * 12)
  })

  it("answers copies of a known key that come at the same time alike, and what is behind them", async () => {
    await send(setting(1, 1, { idempotencyKey: "k" }))
    const copies = await Promise.all(
      Array.from({ length: 4 }, () =>
        send(setting(2, 2, { idempotencyKey: "k" }), setting(3, 3), setting(4, 4)),
      ),
    )
    for (const answers of copies) {
      expect(answers.map(({ type }) => type)).toEqual(["ack", "ack", "ack"])
    }
    expect(await store.entry("u", "a")).toMatchObject({ value: 4, version: 3 })
  })

  it("asks for the one that is missing, and processes nothing past a gap", async () => {
    expect(await send(setting(2, 2), setting(3, 3))).toEqual([{ type: "expected", mutation: 1 }])
    expect(await store.get("u", "a")).toBeUndefined()
  })

  it("keeps a refusal in the log: a repeat is refused the same way, and the next one goes on", async () => {
    const refusedOne = setting(1, 1, { expect: [{ kind: "u", key: "a", version: 9 }] })
    const [first] = await send(refusedOne)
    expect(first).toMatchObject({ type: "reject", mutation: 1, error: { code: "conflict" } })
    await store.set("u", "a", 0)
    expect((await send(refusedOne))[0]).toEqual(first)
    expect((await send(setting(2, 2)))[0]).toMatchObject({ type: "ack", mutation: 2 })
  })

  it("keeps a refusal whose details JSON cannot carry, or that is very long, and goes on", async () => {
    const ending = { ...setting(1, 1).ops[0], expiresAt: -5 } as Mutation["ops"][number]
    const [never] = await send({ mutation: 1, ops: [ending] })
    expect(never).toMatchObject({ type: "reject", error: { code: "invalid_value" } })
    const kind = "k".repeat(100_000)
    const [long] = await send(setting(2, 1, { expect: [{ kind, key: "a", version: 9 }] }))
    expect(long).toMatchObject({ type: "reject", error: { code: "invalid_key" } })
    expect(JSON.stringify(long).length).toBeLessThan(10_000)
    expect((await send(setting(3, 2)))[0]).toMatchObject({ type: "ack", mutation: 3 })
  })

  it("refuses long names that would stand with each change of a write, and goes on", async () => {
    const long = "x".repeat(1_001)
    const parts = [{ origin: long }, { cause: long }, { idempotencyKey: long }]
    for (const [index, part] of parts.entries()) {
      const [answer] = await send(setting(index + 1, 1, part))
      expect(answer).toMatchObject({ type: "reject", error: { code: "quota_exceeded" } })
    }
    const [broken] = await send(setting(4, 1, { origin: "\ud800" }))
    expect(broken).toMatchObject({ type: "reject", error: { code: "invalid_value" } })
    const [short] = await send(setting(5, 1, { origin: "x".repeat(1_000) }))
    expect(short).toMatchObject({ type: "ack" })
  })

  it.each(["expired", "migrated", "snapshot"])(
    "refuses a change that says it is %s",
    async (cause) => {
      const [answer] = await send(setting(1, 1, { cause }))
      expect(answer).toMatchObject({ type: "reject", error: { code: "unauthorized" } })
      expect((await send(setting(2, 1, { cause: "imported" })))[0]).toMatchObject({ type: "ack" })
    },
  )

  it("refuses writes that the principal may not make, and Tidemark's own kinds always", async () => {
    const reader = { principal: "reader", write: false }
    const message = (mutation: Mutation, id: string) => ({
      ...writer,
      client: id.repeat(32),
      epoch: store.epoch,
      mutations: [mutation],
    })
    const own = {
      mutation: 1,
      ops: [{ type: "delete" as const, kind: "tidemark:clients", key: client }],
    }
    const [a] = await answerMutate(store, reader, message(setting(1, 1), "a"))
    const [b] = await answerMutate(
      store,
      { principal: "p", kinds: ["v"] },
      message(setting(1, 1), "b"),
    )
    const [d] = await answerMutate(store, me, message(own, "d"))
    for (const answer of [a, b, d])
      expect(answer).toMatchObject({ type: "reject", error: { code: "unauthorized" } })
    expect(await store.count("u")).toBe(0)
  })

  it("answers a repeat that names other entries with nothing that the principal may not read", async () => {
    await store.set("secret", "a", 1)
    await store.set("secret", "a", 2)
    const message = (ops: Mutation["ops"]) => ({
      ...writer,
      client,
      epoch: store.epoch,
      mutations: [{ mutation: 1, ops }],
    })
    const may = { principal: "me", kinds: ["u"] }
    await answerMutate(store, may, message([{ type: "set", kind: "u", key: "a", value: 1 }]))
    const curious = message([
      { type: "set", kind: "secret", key: "a", value: 1 },
      { type: "touch", kind: "tidemark:clients", key: client },
      { type: "delete", kind: "secret", key: "a" },
    ])
    expect(await answerMutate(store, may, curious)).toMatchObject([
      {
        type: "ack",
        results: [
          { outcome: "unchanged", version: 0, seq: 0 },
          { outcome: "unchanged", version: 0, seq: 0 },
          { existed: false },
        ],
      },
    ])
  })

  it("answers repeats in any order, as far back as it reads, however many there were", async () => {
    const refusedOne = setting(1, 0, { expect: [{ kind: "u", key: "a", version: 9 }] })
    const many = Array.from({ length: 300 }, (_, index) => setting(index + 2, index))
    const first = await send(refusedOne, ...many)
    expect(await send(...many.toReversed(), refusedOne)).toEqual(first.toReversed())
    let limits = 0
    const history = store.history.bind(store)
    store.history = ((kind, key, options) => {
      limits += options?.limit ?? 100
      return history(kind, key, options)
    }) as Store["history"]
    await send(...many.toReversed(), refusedOne)
    expect(limits).toBeLessThan(1_500)
  })

  it("lets nobody write in the name of another principal's client", async () => {
    await send(setting(1, 1))
    const forged = {
      ...writer,
      client,
      epoch: store.epoch,
      mutations: [setting(2, 2)],
    }
    await expect(answerMutate(store, { principal: "you" }, forged)).rejects.toMatchObject({
      code: "unauthorized",
    })
    expect(await store.get("u", "a")).toBe(1)
  })

  it("answers nothing to mutations of another epoch", async () => {
    expect(
      await answerMutate(store, me, {
        ...writer,
        client,
        epoch: "old",
        mutations: [setting(1, 1)],
      }),
    ).toEqual([])
    expect(store.position).toBe(0)
  })

  it("says when to try again when it cannot write", async () => {
    store.commit = () => Promise.reject(new Error("disk"))
    const answers = await send(setting(1, 1), setting(2, 2))
    expect(answers).toEqual([{ type: "retry", afterMs: 1000 }])
  })
})

/** An engine, and how many batches it was given in each commit. */
function counted() {
  const engine = new MemoryEngine()
  const sizes: number[] = []
  const commit = engine.commit.bind(engine)
  engine.commit = (batches) => {
    sizes.push(batches.length)
    return commit(batches)
  }
  return { engine, sizes }
}
