import type { Batch, Op } from "@tidemark/core"
import { betterSqlite3Engine } from "@tidemark/core/better-sqlite3"
import {
  type Advance,
  type Engine,
  equalValues,
  type Outcome,
  Packed,
  plainContext,
  type Retention,
} from "@tidemark/core/engine"
import { MemoryEngine } from "@tidemark/core/memory"
import { describe, expect, it } from "vitest"

const engines: Record<string, () => Engine> = {
  memory: () => new MemoryEngine(),
  SQLite: () => betterSqlite3Engine({ path: ":memory:" }),
}

const KEEP: Retention = {
  after: 0,
  versions: 0,
  versionsOf: {},
  tombstonesAfter: 0,
  receiptsFrom: 0,
  limit: 1_000,
}

describe.each(Object.entries(engines))("the engine port on %s", (_, make) => {
  it("G7 counts what a scope takes by what is there, whatever it takes over", () => {
    const { engine } = opened(make())
    const kind = `tidemark:scope/a:u`
    const row = { kind, key: "a", value: 1, version: 1, updatedAt: 0 }
    const gone = { ...row, key: "b", seq: 2, deleted: true as const }
    engine.ingest({ epoch: "e", to: 2, changes: [], reset: { rows: [{ ...row, seq: 1 }, gone] } })
    const change = { kind, version: 2, batch: 3, at: 0, cause: "write", value: 1 }
    engine.ingest({
      epoch: "e",
      to: 4,
      changes: [
        { ...change, key: "never", seq: 3, type: "delete" },
        { ...change, key: "a", seq: 4, type: "create" },
      ],
    })
    expect(engine.usage("tidemark:scope/a", 0)).toEqual(new Map([[kind, { keys: 1, bytes: 2 }]]))
  })

  it("Z10 stores packed values as they are, text and bytes, and tells them from equal JSON", () => {
    const { engine, commit } = opened(make())
    const text = new Packed("yaml", 1, "a: 1\n")
    const bytes = new Packed("cbor", 3, Uint8Array.of(0, 255, 128))
    commit([
      set("a", text),
      set("b", bytes),
      set("c", { codec: "yaml", schema: 1, data: "a: 1\n" }),
    ])
    const values = engine.snapshot().rows.map((row) => row.value)
    expect(values[0]).toBeInstanceOf(Packed)
    expect(equalValues(values[0], text) && equalValues(values[1], bytes)).toBe(true)
    expect(values[2]).not.toBeInstanceOf(Packed)
    expect(commit([set("a", new Packed("yaml", 1, "a: 1\n"))])).toMatchObject({
      result: { results: [{ outcome: "unchanged" }] },
    })
    commit([set("b", new Packed("cbor", 3, Uint8Array.of(1)))])
    expect(equalValues(engine.changes(3, 10)[0]?.previous, bytes)).toBe(true)
  })

  it("G16 refuses what an older schema would overwrite, and lets it delete", () => {
    const { commit } = opened(make())
    commit([set("a", new Packed("json", 2, "1"))])
    expect(commit([set("a", 5)])).toMatchObject({
      applied: false,
      error: { code: "schema_too_new", details: { key: "a", found: 2, known: 1 } },
    })
    expect(commit([{ type: "delete", kind: "u", key: "a" }, set("a", 5)])).toMatchObject({
      applied: true,
    })
  })

  it("Z2 answers a repeated idempotency key with the first result, also when it held a packed value", () => {
    const { engine, commit } = opened(make())
    commit([set("a", new Packed("cbor", 1, Uint8Array.of(7)))])
    const batch = { ops: [{ type: "delete" as const, kind: "u", key: "a" }], idempotencyKey: "k1" }
    const first = commit(batch)
    commit([set("a", 2)])
    expect(commit(batch)).toEqual(first)
    expect(first).toMatchObject({ result: { seq: 2, results: [{ existed: true }] } })
    expect(engine.row("u", "a")).toMatchObject({ value: 2, version: 3 })
    engine.prune({ ...KEEP, receiptsFrom: 10_000 })
    expect(commit(batch)).toMatchObject({ result: { seq: 4 } })
  })

  it("G1 an entry ends at its time: a write over it tells its end first", () => {
    const { engine, commit, told } = opened(make())
    commit([set("a", 1, 1_500), set("b", 1, 1_500), set("c", 1, 9_000)], 1_000)
    expect([engine.count("u", { now: 1_499 }), engine.count("u", { now: 1_500 })]).toEqual([3, 1])
    expect(engine.kinds({ now: 9_000 })).toEqual([])
    expect(engine.expiring(2).map((row) => [row.key, row.expiresAt])).toEqual([
      ["a", 1_500],
      ["b", 1_500],
    ])
    commit([set("a", 1)], 1_500)
    expect(told.at(-1)?.changes).toMatchObject([
      { type: "delete", key: "a", cause: "expired", version: 2, value: 1 },
      { type: "create", key: "a", cause: "write", version: 3, value: 1 },
    ])
    const absent = { kind: "u", key: "b", version: "absent" as const }
    expect(commit({ ops: [set("x", 1)], expect: [absent] }, 1_499)).toMatchObject({
      applied: false,
    })
    expect(commit({ ops: [set("x", 1)], expect: [absent] }, 1_500)).toMatchObject({ applied: true })
  })

  it("G1 expire deletes what has ended and nothing else; touch gives another end", () => {
    const { engine, commit } = opened(make())
    commit([set("a", 1, 1_500)], 1_000)
    const expire = { type: "expire" as const, kind: "u", key: "a" }
    expect(commit([expire], 1_499)).toMatchObject({ result: { results: [{ existed: false }] } })
    commit([{ type: "touch", kind: "u", key: "a", expiresAt: 2_000 }], 1_400)
    expect(commit([expire], 1_600)).toMatchObject({ result: { results: [{ existed: false }] } })
    expect(engine.row("u", "a")).toMatchObject({ value: 1, version: 2, expiresAt: 2_000 })
    expect(commit([expire], 2_000)).toMatchObject({
      result: { results: [{ existed: true, previous: 1 }] },
    })
    expect(engine.expiring(10)).toEqual([])
    const touch: Op = { type: "touch", kind: "u", key: "a" }
    expect(commit([touch], 2_000)).toMatchObject({
      result: { results: [{ outcome: "unchanged" }] },
    })
  })

  it("G7 counts what a scope takes, ended entries left out, and refuses what takes it past a bound", () => {
    const { commit } = opened(make())
    const scope = "tidemark:scope/a"
    const put = (key: string, value: unknown, expiresAt?: number) =>
      set(key, value, expiresAt, `${scope}:u`)
    const within = (ops: Op[], at: number, quota: object) =>
      commit({ ops, expect: [{ quota: { scope, ...quota } }] }, at)
    expect(within([put("a", 1), put("b", 1, 1_500)], 1_000, { keys: 2 })).toMatchObject({
      applied: true,
    })
    expect(within([put("a", 2)], 1_000, { keys: 2 })).toMatchObject({ applied: true })
    expect(within([put("c", 1)], 1_499, { keys: 2 })).toMatchObject({
      applied: false,
      error: { code: "quota_exceeded", details: { limit: "keys", allowed: 2, used: 2, wanted: 3 } },
    })
    expect(within([put("c", 1)], 1_500, { keys: 2 })).toMatchObject({ applied: true })
    expect(within([put("b", 1)], 1_500, { keys: 2 })).toMatchObject({ applied: false })
    // Two keys of one byte with values of one byte.
    expect(within([put("a", "é")], 1_500, { bytes: 6 })).toMatchObject({
      error: { details: { limit: "bytes", used: 4, wanted: 7 } },
    })
    const other = { ...put("z", 1), kind: `${scope}/inner:v` } as Op
    expect(within([other], 1_500, { kinds: 1 })).toMatchObject({
      error: { details: { limit: "kinds", used: 1, wanted: 2 } },
    })
  })

  it("G6 gives kinds and snapshots of a range of names, and of all names outside of one", () => {
    const { engine, commit } = opened(make())
    const names = [
      "a",
      "tidemark:scope",
      "tidemark:scope/",
      "tidemark:scope/a:u",
      "tidemark:scope0",
      "\u{10ffff}b",
    ]
    commit(names.map((kind) => set("k", kind, kind === "a" ? 1_500 : undefined, kind)))
    const inside = { prefix: "tidemark:scope/" }
    const outside = { ...inside, outside: true as const }
    const at = (now: number, of?: typeof inside, seq?: number) =>
      engine.kinds({ now, of, ...(seq === undefined ? {} : { at: seq }) })
    expect(at(1_000)).toEqual(names)
    expect(at(1_000, inside)).toEqual(["tidemark:scope/", "tidemark:scope/a:u"])
    expect(at(1_500, outside)).toEqual(["tidemark:scope", "tidemark:scope0", "\u{10ffff}b"])
    expect(at(1_000, { prefix: "\u{10ffff}" })).toEqual(["\u{10ffff}b"])
    expect(at(1_000, { prefix: "\u{10ffff}", outside: true } as typeof inside)).toEqual(
      names.slice(0, -1),
    )
    expect([at(1_000, inside, 3), at(1_000, outside, 3)]).toEqual([
      ["tidemark:scope/"],
      ["a", "tidemark:scope"],
    ])
    const kindsOf = (of: typeof inside) => engine.snapshot(of).rows.map(({ kind }) => kind)
    expect(kindsOf(inside)).toEqual(["tidemark:scope/", "tidemark:scope/a:u"])
    expect(kindsOf(outside)).toEqual(["a", "tidemark:scope", "tidemark:scope0", "\u{10ffff}b"])
    expect(engine.usage("tidemark:scope/a", 1_000)).toEqual(
      new Map([["tidemark:scope/a:u", { keys: 1, bytes: 21 }]]),
    )
  })

  it("Z5 tells what changed after any position, deletes too, until their tombstones go", () => {
    const { engine, commit } = opened(make())
    commit([set("a", 1), set("b", 1), set("c", 1)])
    commit([set("a", 2), { type: "delete", kind: "u", key: "b" }])
    expect(engine.since(3, 10)).toMatchObject([
      { key: "a", value: 2, seq: 4 },
      { key: "b", deleted: true, seq: 5 },
    ])
    expect(engine.since(3, 1)).toHaveLength(1)
    prune(engine, { ...KEEP, after: 5, tombstonesAfter: 5 })
    expect(() => engine.since(4, 10)).toThrow("Changes after 4 are gone")
    expect(engine.since(5, 10)).toEqual([])
    expect(engine.row("u", "b")).toBeUndefined()
  })

  it("Z5 reads any position that the log still reaches", () => {
    const { engine, commit } = opened(make())
    commit([set("a", 1), set("b", 1)])
    commit([set("a", 2)])
    commit([{ type: "delete", kind: "u", key: "b" }, set("c", 3)])
    const at = (seq: number) =>
      engine.scan("u", { limit: 10, at: seq }).map((row) => [row.key, row.value])
    expect([0, 1, 2, 3, 4, 5].map(at)).toEqual([
      [],
      [["a", 1]],
      [
        ["a", 1],
        ["b", 1],
      ],
      [
        ["a", 2],
        ["b", 1],
      ],
      [["a", 2]],
      [
        ["a", 2],
        ["c", 3],
      ],
    ])
    expect(engine.row("u", "a", 2)).toMatchObject({ value: 1, version: 1, seq: 1 })
    expect(engine.row("u", "c", 4)).toBeUndefined()
    expect(engine.scan("u", { limit: 1, after: "a", at: 3 })).toMatchObject([{ key: "b" }])
    expect([engine.count("u", { now: 0, at: 3 }), engine.count("u", { now: 0, at: 4 })]).toEqual([
      2, 1,
    ])
    expect([engine.kinds({ now: 0, at: 0 }), engine.kinds({ now: 0, at: 1 })]).toEqual([[], ["u"]])
  })

  it("Z5 pruning keeps every state it promises: all after its position, and the last versions of each entry", () => {
    const { engine, commit } = opened(make())
    for (let n = 1; n <= 10; n++) commit([set("a", n), set("b", n % 2), set(`k${n}`, n)])
    const before = [24, 25, 30].map((at) => engine.scan("u", { limit: 99, at }))
    prune(engine, { ...KEEP, after: 24, versions: 2, versionsOf: { v: 0 }, limit: 3 })
    expect([24, 25, 30].map((at) => engine.scan("u", { limit: 99, at }))).toEqual(before)
    expect(engine.changes(24, 99).map((change) => change.seq)).toEqual([25, 26, 27, 28, 29, 30])
    expect(engine.history("u", "a", 99).map((change) => change.value)).toEqual([10, 9, 8, 7, 6])
    expect(engine.history("u", "k1", 99)).toHaveLength(1)
    expect(() => engine.changes(15, 99)).toThrow("Changes after 15 are gone")
    expect(engine.check()).toEqual({ ok: true, problems: [] })
    prune(engine, { ...KEEP, after: 30, limit: 2 })
    expect(engine.history("u", "a", 99).map((change) => change.value)).toEqual([10])
    expect(engine.scan("u", { limit: 99 })).toEqual(before[2])
    commit([set("a", 11)])
    expect(engine.changes(30, 9)).toMatchObject([{ value: 11, version: 11, previous: 10 }])
  })
})

function set(key: string, value: unknown, expiresAt?: number, kind = "u"): Op {
  const op = { type: "set" as const, kind, key, value }
  return expiresAt === undefined ? op : { ...op, expiresAt }
}

/** An engine that answers at once, opened, with what it tells. */
function opened(port: Engine) {
  const engine = port as AtOnce
  const told: Advance[] = []
  const listener = {
    advance: (advance: Advance) => told.push(advance),
    durable() {},
    pending() {},
    connection() {},
    health() {},
    report() {},
  }
  engine.open(listener, plainContext)
  let id = 0
  const commit = (what: readonly Op[] | Batch, at = 1_000): Outcome => {
    const batch = "ops" in what ? what : { ops: what }
    return (engine.commit([{ ...batch, id: ++id, at }]) as Outcome[])[0] as Outcome
  }
  return { engine, commit, told }
}

/** Prunes until there is nothing more to do. */
function prune(engine: AtOnce, retention: Retention): void {
  for (let steps = 0; engine.prune(retention).more; steps++) expect(steps).toBeLessThan(1_000)
}

type AtOnce = {
  [Name in keyof Engine]: Engine[Name] extends (...given: infer Given) => infer Result
    ? (...given: Given) => Exclude<Result, Promise<unknown>>
    : Engine[Name]
}
