import type { Change } from "@tidemark/core"
import { describe, expect, it } from "vitest"
import { EventLog, KEPT_EVENTS } from "../src/event-log.ts"
import { eventRows, filterEvents } from "../src/event-rows.ts"

const change = (seq: number, given: Partial<Change> = {}): Change => ({
  seq,
  type: "create",
  kind: "users",
  key: `k${seq}`,
  value: { n: seq },
  version: 1,
  at: seq,
  cause: "write",
  batch: seq,
  ...given,
})
const seqs = (changes: readonly Change[]) => changes.map(({ seq }) => seq)
const all = { kind: "", type: "", text: "" } as const

describe("the filter of the log", () => {
  const changes = [
    change(1, { origin: "Window-1" }),
    change(2, { kind: "notes", type: "delete" }),
    change(3, { cause: "expired" }),
    change(4, { value: { deep: ["Reykjavík"] } }),
  ]

  it("C4 lets everything through until something is asked for", () => {
    expect(filterEvents(changes, all)).toEqual(changes)
  })

  it("C4 asks for kind, type and text together", () => {
    expect(seqs(filterEvents(changes, { ...all, kind: "notes" }))).toEqual([2])
    expect(seqs(filterEvents(changes, { ...all, type: "create" }))).toEqual([1, 3, 4])
    expect(seqs(filterEvents(changes, { ...all, kind: "users", type: "delete" }))).toEqual([])
  })

  it.each([
    ["the key", "K3", [3]],
    ["kind and key as they are shown", "notes/k2", [2]],
    ["the origin", "window-1", [1]],
    ["the cause", "expired", [3]],
    ["the value", " reykjavík ", [4]],
  ])("C4 finds text in %s, whatever its case", (_, text, found) => {
    expect(seqs(filterEvents(changes, { ...all, text }))).toEqual(found)
  })
})

describe("the lines of the log", () => {
  const batch = (first: number, count: number) =>
    Array.from({ length: count }, (_, index) => change(first + index, { batch: first }))
  const told = (...given: Parameters<typeof eventRows>) =>
    eventRows(...given).map((row) => (row.type === "batch" ? `batch ${row.batch}` : row.change.seq))

  it("C4 are newest first, and a batch in the order in which it was made", () => {
    expect(told([change(1), ...batch(2, 3), change(5)], new Map())).toEqual([
      5,
      "batch 2",
      2,
      3,
      4,
      1,
    ])
  })

  it("C4 show a large batch closed, until it is opened; and a small one open, until it is closed", () => {
    expect(told(batch(1, 6), new Map())).toEqual(["batch 1"])
    expect(told(batch(1, 6), new Map([[1, true]]))).toEqual(["batch 1", 1, 2, 3, 4, 5, 6])
    expect(told(batch(1, 2), new Map([[1, false]]))).toEqual(["batch 1"])
  })
})

describe("the log", () => {
  it("C4 keeps the newest changes only", () => {
    const log = new EventLog()
    for (let seq = 1; seq <= 3 * KEPT_EVENTS + 7; seq++) log.add(change(seq))
    expect(log.get()).toHaveLength(KEPT_EVENTS)
    expect(log.get().at(-1)?.seq).toBe(3 * KEPT_EVENTS + 7)
  })

  it("C4 gives the same list until it changes, and tells a burst once", () => {
    const log = new EventLog()
    expect(log.get()).toBe(log.get())
    let told = 0
    log.subscribe(() => told++)
    for (let seq = 1; seq <= 50; seq++) log.add(change(seq))
    expect(told).toBe(1)
    expect(log.get()).toHaveLength(50)
    log.clear()
    expect(told).toBe(2)
    expect(log.get()).toEqual([])
  })
})
