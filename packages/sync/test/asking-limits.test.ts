import type { Store } from "@tidemark/core"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { TestClock } from "@tidemark/core/testing"
import { connect, type ServeOptions, type ServerEnd, serve } from "@tidemark/sync"
import { httpChannel } from "@tidemark/sync/http-client"
import { createHandler } from "@tidemark/sync/http-handler"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { turn } from "../../core/test/turn.ts"
import { answerMutate } from "../src/authority.ts"
import type { Mutation } from "../src/message.ts"
import type { Read, ReadAnswer } from "../src/read.ts"
import { answerAsk } from "../src/reads.ts"

const me = { principal: "me" }
const MIB = 1024 * 1024
/** How often a row was read. */
let rows: number
let pages: number[]
let store: Store
let clock: TestClock
beforeEach(() => {
  rows = 0
  pages = []
  clock = new TestClock()
  const engine = new (class extends MemoryEngine {
    override row(...asked: Parameters<MemoryEngine["row"]>) {
      rows++
      return super.row(...asked)
    }
    override scan(...asked: Parameters<MemoryEngine["scan"]>) {
      const found = super.scan(...asked)
      pages.push(found.length)
      return found
    }
  })()
  store = openStoreAtOnce(engine, { clock }) as Store
})
afterEach(() => store.close())

const rowsOf = (count: number, first = 1) =>
  Array.from({ length: count }, (_, index) => ({
    id: first + index,
    read: { type: "row", kind: "u", key: "a" } as const,
  }))
const ask = (asks: readonly object[]) => ({ type: "ask", follow: null, asks })

/** What one question is answered, without a limit. */
async function answer(read: Read): Promise<ReadAnswer> {
  const [first] = answerAsk(store, me, { type: "ask", follow: null, asks: [{ id: 1, read }] })
  return (await first?.()) as ReadAnswer
}

/** A conversation in which the other end takes what it is sent when the test says so. */
function talk(options: Partial<ServeOptions> = {}) {
  const told: { type: string; id?: number; afterMs?: number }[] = []
  let say: (data: unknown, size?: number) => void = () => {}
  let take = () => {}
  let taken: Promise<void> | undefined
  const end: ServerEnd = {
    send: (message) => told.push(message),
    receive(message) {
      say = message
    },
    ready: () => taken,
    close() {},
  }
  const stop = serve(store, end, { authorization: me, clock, ...options })
  const fill = () => {
    taken = new Promise((resolve) => {
      take = () => {
        taken = undefined
        resolve()
      }
    })
  }
  return {
    say: (data: unknown, size?: number) => say(data, size),
    told,
    stop,
    fill,
    take: () => take(),
  }
}

describe("C6 what is asked", () => {
  it("is read a few at a time, while the other end takes nothing: no more is held", async () => {
    await store.set("u", "a", 1)
    const { say, told, fill, take, stop } = talk()
    fill()
    say(ask(rowsOf(100)))
    await turn()
    expect([rows, told.length]).toEqual([8, 0])
    take()
    await turn()
    expect(told).toHaveLength(100)
    stop()
  })

  it("is put off where too much waits, and not even that is said to who takes nothing", async () => {
    await store.set("u", "a", 1)
    const { say, told, fill, take, stop } = talk()
    fill()
    for (let message = 0; message < 12; message++) say(ask(rowsOf(100, 1 + message * 100)))
    await turn()
    expect([rows, told.length]).toEqual([8, 0])
    take()
    await turn()
    expect(told).toHaveLength(1_100)
    expect(told.every(({ afterMs }) => afterMs === undefined)).toBe(true)
    for (let message = 0; message < 12; message++) say(ask(rowsOf(100, 1 + message * 100)))
    await turn()
    expect(told.slice(1_100)).toHaveLength(1_200)
    expect(told.filter(({ afterMs }) => afterMs !== undefined)).toHaveLength(100)
    stop()
  })

  it("is read no more once the conversation is over", async () => {
    await store.set("u", "a", 1)
    const { say, fill, take, stop } = talk()
    fill()
    say(ask(rowsOf(100)))
    await turn()
    stop()
    take()
    await turn()
    expect(rows).toBe(8)
  })

  it("counts in bytes too, as what is written does", async () => {
    await store.set("u", "a", 1)
    const { say, told, stop } = talk({ limits: { bytesEach: 1_000, bytesSaved: 2_000 } })
    say(ask(rowsOf(1)), 9_000)
    say(ask(rowsOf(1, 2)), 100)
    await turn()
    expect(told.map(({ id, afterMs }) => [id, afterMs])).toEqual([
      [2, 7_001],
      [1, undefined],
    ])
    stop()
  })

  it("is answered in several responses where it is long, and all of it", async () => {
    const names = Array.from({ length: 40 }, (_, n) => `p${n}`)
    await store.setMany(
      "u",
      names.map((name) => [name, name.padEnd(MIB, "x")] as const),
    )
    const handler = createHandler(store, { clock, authorize: () => me })
    const lengths: number[] = []
    const channel = httpChannel("http://app.test/", {
      async fetch(input, init) {
        const response = await handler(new Request(input, init))
        if (init?.method !== "POST") return response
        const text = await response.text()
        lengths.push(text.length)
        return new Response(text, response)
      },
    })
    const replica = connect(channel, { clock, follow: [{ kind: "u", hold: false }] })
    let found: unknown[] | undefined
    Promise.all(names.map((name) => replica.get("u", name))).then((all) => {
      found = all
    })
    for (let turns = 0; turns < 200 && found === undefined; turns++) await clock.pass(10)
    expect(found?.map((value) => String(value).slice(0, 3))).toEqual(
      names.map((name) => name.padEnd(3, "x")),
    )
    expect(Math.max(...lengths)).toBeLessThan(17 * MIB)
    expect(lengths.length).toBeGreaterThan(1)
    await replica.close()
  })

  it("of a position is counted page by page, and only what the question is about", async () => {
    const many = Array.from({ length: 3_500 }, (_, n) => [`p${n}`, { open: n % 2 === 0 }] as const)
    await store.setMany("u", many)
    const at = store.position
    await store.set("u", "p0", { open: false })
    const query = { where: { open: true }, prefix: "p1" }
    const wanted = many.filter(([key, { open }]) => open && key.startsWith("p1")).length
    pages.length = 0
    expect(await answer({ type: "count", kind: "u", query, at })).toMatchObject({
      found: { count: wanted },
    })
    expect(Math.max(...pages)).toBeLessThanOrEqual(1_000)
  })

  it("of a history that is too long for one answer is refused, and says how much is not", async () => {
    for (let n = 0; n < 20; n++) await store.set("u", "a", `${n}`.padEnd(MIB, "x"))
    const history = { type: "history", kind: "u", key: "a" } as const
    expect(await answer({ ...history, limit: 20 })).toMatchObject({
      error: { code: "quota_exceeded", details: { versions: 15 } },
    })
    expect(await answer({ ...history, limit: 15 })).toMatchObject({
      found: { changes: { length: 15 } },
    })
  })
})

describe("C6 what was deleted", () => {
  const client = "c".repeat(32)
  const say = (mutations: readonly Mutation[]) =>
    answerMutate(store, me, {
      type: "mutate",
      client,
      epoch: store.epoch,
      answered: 0,
      since: clock.now(),
      kept: true,
      mutations,
    })
  const deleting = (mutation: number, keys: readonly string[]): Mutation => ({
    mutation,
    ops: keys.map((key) => ({ type: "delete", kind: "u", key })),
  })

  it("is told of one entry however large, and of many as far as an answer may go", async () => {
    const large = "x".repeat(5 * MIB)
    await store.setMany("u", { a: large, b: large, c: large })
    const answers = await say([deleting(1, ["a"]), deleting(2, ["b", "c"])])
    expect(answers[0]).toMatchObject({ results: [{ existed: true, previous: large }] })
    expect(answers[1]).toEqual({ type: "ack", mutation: 2, seq: expect.any(Number) })
  })

  it("is not told again and again to who repeats one write with other names", async () => {
    await store.set("u", "a", "x".repeat(MIB))
    await say([deleting(1, ["a"])])
    const [again] = await say([deleting(1, Array(1_000).fill("a"))])
    expect(again).toEqual({ type: "ack", mutation: 1, seq: expect.any(Number) })
  })
})
