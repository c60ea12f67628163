import {
  type Change,
  type Clock,
  defineKinds,
  kind,
  type Store,
  systemClock,
  type Where,
} from "@tidemark/core"
import { cborCodec } from "@tidemark/core/codecs/cbor"
import { isPresent, type Row, rowAfter } from "@tidemark/core/engine"
import { openStore } from "@tidemark/core/memory"
import { type Channel, connect, type FollowTarget } from "@tidemark/sync"
import { seededRandom } from "@tidemark/sync/testing"
import { describe, expect, it, vi } from "vitest"
import { feedOf } from "../src/feed.ts"
import { Filter } from "../src/filter.ts"
import { type FeedMessage, type Hello, parseClientMessage } from "../src/message.ts"
import { PROTOCOL } from "../src/protocol.ts"
import { received } from "../src/sent.ts"
import { ways } from "./replicas.ts"

const ME = { principal: "test" }
const HELLO = { type: "hello", protocol: PROTOCOL, client: "0".repeat(32), schemas: {} } as const

/** Keys that begin alike, also by bytes that are one sign together. */
const KEYS = ["a", "ab", "aé", "aé/x", "b", "é", "é/1", "\u{1f600}", "\u{1f600}x"]

const TARGETS: readonly Omit<FollowTarget, "kind">[] = [
  { prefix: "a" },
  { prefix: "aé" },
  { prefix: "\u{1f600}" },
  { where: { open: true } as Where },
  { where: { $or: [{ n: { $gt: 5 } }, { tag: { $prefix: "x" } }] } as Where },
  { where: { $not: { open: true } } as Where },
  { prefix: "é", where: { n: { $in: [1, 2, 3] } } as Where },
]

describe("C6 a replica of a part", () => {
  it.each(Array.from({ length: 28 }, (_, n) => n + 1))(
    "is told, at every position, what list finds there (seed %i)",
    async (seed) => {
      const random = seededRandom(seed)
      const now = 1_000
      const store = openUnder(seed, () => now)
      const target = TARGETS[seed % TARGETS.length] as FollowTarget
      const told = new Told(store, { ...target, kind: "orders" }, () => now)
      for (let round = 0; round < 6; round++) {
        const closing = new AbortController()
        const reading = told.read(closing.signal)
        for (let writes = random() * 12; writes > 0; writes--) await write(store, random)
        closing.abort()
        await reading
      }
      expect(told.snapshots).toBe(1)
      await store.close()
    },
  )

  it.each(Object.entries(ways))(
    "has what list finds, over %s, also where links are cut",
    async (_, way) => {
      const random = seededRandom(7)
      let now = 1_000
      const store = openUnder(1, () => now)
      const opened = await way(store)
      const [one, two] = [TARGETS[3], TARGETS[6]].map((target) => ({ ...target, kind: "orders" }))
      const replicas = [one, two].map((target) =>
        connect(opened.channel, {
          kinds,
          follow: [target as FollowTarget],
          clock: { ...systemClock, now: () => now },
        }),
      )
      for (let round = 0; round < 5; round++) {
        for (let writes = 0; writes < 8; writes++) await write(store, random)
        now += 40
        if (round % 2 === 0) await opened.cut()
      }
      for (const [index, replica] of replicas.entries()) {
        const { kind: name, ...query } = [one, two][index] as FollowTarget
        await vi.waitFor(async () =>
          expect(await replica.list(name)).toEqual(await store.list(name, query)),
        )
        expect(await replica.kinds()).not.toContain("others")
        await replica.close()
      }
      await opened.close()
      await store.close()
    },
  )

  it("confirms a write to what it does not follow, and shows it no more", async () => {
    const store = openStore()
    const opened = await (ways["a MessagePort"] as (typeof ways)[string])(store)
    const follow = [{ kind: "orders", where: { open: true } }]
    const replica = connect(opened.channel, { follow })
    await replica.set("orders", "a", { open: true })
    const left: unknown[] = []
    replica.watch("orders", { types: ["delete"] }).subscribe(({ cause, value }) => {
      left.push([cause, value])
    })
    const closed = replica.set("orders", "a", { open: false })
    expect(replica.peek("orders", "a")).toEqual({ open: false })
    await closed
    expect(replica.peek("orders", "a")).toBeUndefined()
    expect(left).toEqual([["left", { open: true }]])
    expect(await store.get("orders", "a")).toEqual({ open: false })
    await replica.close()
    await opened.close()
    await store.close()
  })

  it("by a field with any name, and by any name of a kind", () => {
    const hello = (more: object) =>
      parseClientMessage({ ...HELLO, epoch: null, position: 0, view: null, follow: null, ...more })
    const where = JSON.parse('{ "constructor": "a", "prototype": 1, "__proto__": 2 }') as Where
    const follow = [{ kind: "cars", where }]
    expect(JSON.stringify(hello({ follow }))).toContain(JSON.stringify(where))
    const schemas = JSON.parse('{ "constructor": 2, "__proto__": 3 }') as Record<string, number>
    expect(Object.entries((hello({ schemas }) as Hello).schemas)).toEqual(Object.entries(schemas))
    for (const wrong of [{ a: 0 }, { constructor: 1.5 }, [1], null, "a"])
      expect(() => hello({ schemas: wrong })).toThrow("cannot be read")
    for (const wrong of [[1], null, "a"])
      expect(() => hello({ follow: [{ kind: "cars", where: wrong }] })).toThrow("cannot be read")
    const asks = [{ id: 1, read: { type: "count", kind: "cars", query: { where } } }]
    const ask = parseClientMessage({ type: "ask", follow: null, asks })
    expect(JSON.stringify(ask)).toContain(JSON.stringify(where))
  })

  it("is told only what has the value in a field that is called constructor", async () => {
    const authority = openStore()
    await authority.setMany("cars", { a: { constructor: "x" }, b: { constructor: "y" }, c: {} })
    const way = await ways["a MessagePort"]?.(authority)
    const target = { kind: "cars", where: { constructor: "x" } as unknown as Where }
    const replica = connect(way?.channel as Channel, { follow: [target] })
    expect((await replica.list("cars")).map(({ key }) => key)).toEqual(["a"])
    await replica.close()
    await way?.close()
    await authority.close()
  })

  it("tells what does not pass as left where the log does not know what was there before", () => {
    const store = openStore()
    const filter = new Filter(store, ME, [{ kind: "orders", where: { open: true } }])
    const change = { seq: 3, key: "a", version: 2, at: 1, cause: "write", batch: 3 }
    const update = { ...change, kind: "orders", type: "update" as const, expiresAt: 9 }
    const { expiresAt: _, ...rest } = update
    expect(filter.seen({ ...update, value: { open: false } })).toEqual({
      ...rest,
      type: "delete",
      value: null,
      cause: "left",
    })
    expect(filter.seen({ ...update, value: { open: true } })?.type).toBe("update")
  })

  it.each([
    ["two targets of a kind", ["u", { kind: "u", prefix: "a" }]],
    ["an operator that is none", [{ kind: "u", where: { n: { $above: 1 } } }]],
    ["a prefix that is no text", [{ kind: "u", prefix: 1 as unknown as string }]],
    ["an order", [{ kind: "u", orderBy: "n" } as FollowTarget]],
    [
      "more than a condition may have",
      [{ kind: "u", where: { n: { $in: Array(1_001).fill(1) } } }],
    ],
  ])("refuses %s", (_, follow) => {
    const nobody = { open: () => ({ send() {}, close() {} }) }
    expect(() => connect(nobody, { follow })).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^invalid_/) }),
    )
  })
})

const kinds = defineKinds({ orders: kind<unknown>({ codec: cborCodec }) })

function openUnder(seed: number, now: () => number): Store {
  const clock = clockAt(now)
  // Conditions look into what a codec has packed, too.
  return (seed % 2 === 0 ? openStore({ clock }) : openStore({ kinds, clock })) as unknown as Store
}

/** What ends is met by those who look: its timers never fire. */
function clockAt(now: () => number): Clock {
  return { now, after: () => () => {} }
}

async function write(store: Store, random: () => number): Promise<void> {
  const pick = <T>(list: readonly T[]) => list[Math.floor(random() * list.length)] as T
  const value = () => ({
    open: random() < 0.5,
    n: Math.floor(random() * 9),
    tag: pick(["x1", "y"]),
  })
  const key = pick(KEYS)
  const chance = random()
  if (chance < 0.15) await store.delete("orders", key)
  else if (chance < 0.25) await store.set("others", key, value())
  else if (chance < 0.4)
    await store.set("orders", key, value(), { ttl: 30 + Math.floor(random() * 60) })
  else if (chance < 0.6) await store.setMany("orders", { [key]: value(), [pick(KEYS)]: value() })
  else await store.set("orders", key, value())
}

/** What a follower of one target is told, held against the store at each position. */
class Told {
  snapshots = 0
  readonly #store: Store
  readonly #target: FollowTarget
  readonly #now: () => number
  readonly #rows = new Map<string, Row>()
  #from: Pick<Hello, "epoch" | "view" | "position"> = { epoch: null, view: null, position: 0 }

  constructor(store: Store, target: FollowTarget, now: () => number) {
    this.#now = now
    this.#store = store
    this.#target = target
  }

  /** Follows until everything there is was told, after `closing` has fired. */
  async read(closing: AbortSignal): Promise<void> {
    const hello: Hello = { ...HELLO, ...this.#from, follow: [this.#target] }
    const signal = new AbortController().signal
    for await (const message of feedOf(this.#store, ME, hello, signal, closing)) {
      if (message.type !== "changes" && message.type !== "snapshot") continue
      this.#take(message)
      const { to: position, epoch, view } = message
      this.#from = { epoch, view, position }
      const { kind: name, ...query } = this.#target
      const found = await this.#store.at(position).list(name, query)
      const held = [...this.#rows.values()].filter((row) => isPresent(row, this.#now()))
      const idOf = ({ key, version, seq }: Pick<Row, "key" | "version" | "seq">) =>
        `${key} ${version} ${seq}`
      expect(held.map(idOf).sort()).toEqual(found.map(idOf).sort())
    }
  }

  #take(message: Extract<FeedMessage, { type: "changes" | "snapshot" }>): void {
    if (message.type === "snapshot") {
      this.snapshots++
      for (const row of message.rows) this.#rows.set(row.key, received<Row>(row))
      return
    }
    for (const one of message.changes) {
      const change = received<Change>(one)
      const held = this.#rows.get(change.key)
      const isHeld = held !== undefined && held.deleted !== true
      // Told as it looks from here: what comes is a create, what goes a delete.
      expect(isHeld ? change.type !== "create" : change.type === "create").toBe(true)
      this.#rows.set(change.key, rowAfter(change))
    }
  }
}
