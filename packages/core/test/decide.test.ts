import { describe, expect, it } from "vitest"
import type { Expectation, Op, StampedBatch } from "../src/batch.ts"
import { decide, type State } from "../src/decide.ts"
import type { Row } from "../src/entry.ts"
import { equalValues } from "../src/equal.ts"
import { row } from "./row.ts"

const set = (key: string, value: unknown): Op => ({ type: "set", kind: "u", key, value })
const remove = (key: string): Op => ({ type: "delete", kind: "u", key })

function batch(ops: readonly Op[], facts: Partial<StampedBatch> = {}): StampedBatch {
  return { id: 1, at: 1_000, ops, ...facts }
}

function state(rows: readonly Row[], head = 10): State {
  return {
    head,
    row: (kind, key) => rows.find((one) => one.kind === kind && one.key === key),
    changedSince: (kind, seq) => rows.some((one) => one.kind === kind && one.seq > seq),
    equal: (_, a, b) => equalValues(a, b),
    merge: (_, { value }, mine, theirs) => ({ base: value, mine, theirs }),
    usage: () => undefined,
    refuses: () => false,
    receipt: () => undefined,
  }
}

const alice = row("alice", { n: 1 }, { version: 3, seq: 7 })
const gone = row("gone", "last", { version: 5, seq: 9, deleted: true })

describe("decide", () => {
  it("Z2 numbers the changes of a batch one after the other, from the head on", () => {
    const decision = decide(batch([set("a", 1), set("alice", 2), set("b", 3)]), state([alice]))
    expect(decision).toMatchObject({
      applies: true,
      changes: [
        { seq: 11, batch: 11, type: "create", version: 1 },
        { seq: 12, batch: 11, type: "update", version: 4, previous: { n: 1 } },
        { seq: 13, batch: 11, type: "create", version: 1 },
      ],
      met: [undefined, alice, undefined],
      result: { seq: 13 },
    })
  })

  it("G16 a migration writes what equals, because its stored form is another one", () => {
    const again = set("alice", { n: 1 })
    const migrated = decide(batch([again], { cause: "migrated" }), state([alice]))
    expect(migrated).toMatchObject({ result: { results: [{ outcome: "updated", version: 4 }] } })
    expect(decide(batch([again]), state([alice]))).toMatchObject({ changes: [] })
  })

  it("Z2 an op meets what earlier ops of its batch have done", () => {
    const ops = [set("a", 1), set("a", 1), set("a", 2), remove("a"), remove("a"), set("a", 2)]
    const decision = decide(batch(ops), state([]))
    expect(decision).toMatchObject({
      result: {
        results: [
          { outcome: "created", version: 1, seq: 11 },
          { outcome: "unchanged", version: 1, seq: 11 },
          { outcome: "updated", version: 2, seq: 12 },
          { existed: true, previous: 2 },
          { existed: false, previous: undefined },
          { outcome: "created", version: 4, seq: 14 },
        ],
      },
    })
  })

  it("Z7 a tombstone keeps the version and is absent to expectations", () => {
    const expectAbsent: Expectation = { kind: "u", key: "gone", version: "absent" }
    const decision = decide(batch([set("gone", 1)], { expect: [expectAbsent] }), state([gone]))
    expect(decision).toMatchObject({ changes: [{ type: "create", version: 6 }] })
    expect(decide(batch([remove("gone")]), state([gone]))).toMatchObject({
      changes: [],
      result: { seq: 10, results: [{ existed: false }] },
    })
  })

  it.each<[string, Expectation, unknown]>([
    ["another version", { kind: "u", key: "alice", version: 2 }, 3],
    ["absent where it is there", { kind: "u", key: "alice", version: "absent" }, 3],
    ["present where it is not", { kind: "u", key: "bob", version: "present" }, "absent"],
    ["present where it was deleted", { kind: "u", key: "gone", version: "present" }, "absent"],
    ["a version where there is none", { kind: "u", key: "bob", version: 1 }, "absent"],
    ["a kind unchanged that has changed", { kind: "u", unchangedSince: 8 }, 10],
  ])("Z7 refuses the whole batch when it expects %s", (_, expectation, actual) => {
    const decision = decide(batch([set("a", 1)], { expect: [expectation] }), state([alice, gone]))
    expect(decision).toMatchObject({
      applies: false,
      error: { code: "conflict", details: { kind: "u", actual }, hint: expect.any(String) },
    })
  })

  it.each<Expectation>([
    { kind: "u", key: "alice", version: 3 },
    { kind: "u", key: "alice", version: "present" },
    { kind: "u", key: "bob", version: "absent" },
    { kind: "u", unchangedSince: 9 },
    { kind: "v", unchangedSince: 0 },
  ])("Z7 applies when it expects %o, which holds", (expectation) => {
    const decision = decide(batch([set("a", 1)], { expect: [expectation] }), state([alice, gone]))
    expect(decision.applies).toBe(true)
  })

  it("Z2 changes carry time, cause and origin, and leave out what was not said", () => {
    const told = decide(batch([set("a", 1)], { origin: "me", cause: "import" }), state([]))
    expect(told).toMatchObject({ changes: [{ at: 1_000, origin: "me", cause: "import" }] })
    const usual = decide(batch([set("a", 1)]), state([]))
    expect(usual.applies && usual.changes[0]).toEqual({
      seq: 11,
      batch: 11,
      type: "create",
      kind: "u",
      key: "a",
      value: 1,
      version: 1,
      at: 1_000,
      cause: "write",
    })
  })
})
