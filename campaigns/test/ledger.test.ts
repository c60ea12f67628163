import type { Change, Entry } from "@tidemark/core"
import { openStore } from "@tidemark/core/memory"
import { expect, it } from "vitest"
import { follow } from "../src/inspect.ts"
import { Fault, Ledger } from "../src/ledger.ts"
import { contentOf } from "../src/origin.ts"
import { Random } from "../src/random.ts"
import { type Acknowledgement, Workload } from "../src/workload.ts"

const WRITER = "w1"

/** What one writer did to a store in memory, and was told. */
async function written() {
  const store = openStore()
  const acknowledged: Acknowledgement[] = []
  const workload = new Workload(WRITER, new Random(7), (one) => acknowledged.push(one))
  for (let step = 0; step < 120; step++) await workload.step(store)
  const changes = await store.changes({ after: 0 })
  const { entries } = await store.snapshot()
  return { store, acknowledged, changes: changes.slice(), entries }
}

const told = await written()
const at = (test: (change: Change) => boolean) => told.changes.findIndex(test)
const half = at(({ batch, seq }) => seq > batch) - 1 // The first change of a batch of several.

/** Feeds a ledger with all of it, after something was done to the changes. */
function read(spoil: (changes: Change[]) => Change[]): Ledger {
  const ledger = new Ledger()
  for (const one of told.acknowledged) ledger.acknowledge(WRITER, one)
  for (const change of spoil(told.changes.slice())) ledger.take(change)
  return ledger
}

it("a ledger has nothing to say against a sound store", async () => {
  const ledger = new Ledger()
  for (const one of told.acknowledged) ledger.acknowledge(WRITER, one)
  await follow(told.store, ledger)
  expect(ledger.due()).toEqual([])
  expect(ledger.position).toBe(told.store.position)
  expect(new Set(told.changes.map(({ kind }) => kind))).toEqual(
    new Set(["own", "shared", "count", "accounts"]),
  )
  expect(new Set(told.changes.map(({ type }) => type))).toEqual(
    new Set(["create", "update", "delete"]),
  )
})

it("a ledger keeps what was acknowledged and is not in the log as due", () => {
  const last = told.changes.at(-1) as Change
  const ledger = read((changes) => changes.filter(({ batch }) => batch !== last.batch))
  expect(ledger.due()).toHaveLength(1)
})

const spoilt: readonly (readonly [string, string, (changes: Change[]) => Change[]])[] = [
  ["a hole in the sequence", "comes after", (changes) => changes.toSpliced(20, 1)],
  [
    "two changes in the wrong order",
    "comes after",
    (changes) => changes.with(20, changes[21] as Change).with(21, changes[20] as Change),
  ],
  ["a version that skips one", "has version 9", (changes) => changed(changes, 20, { version: 9 })],
  [
    "a create of what is there",
    "in place of the update",
    (changes) => changed(changes, at(isUpdate), { type: "create" }),
  ],
  [
    "a value that nobody wrote",
    "did not write",
    (changes) =>
      changed(
        changes,
        at(({ kind }) => kind === "own"),
        { value: { part: 0, text: "torn" } },
      ),
  ],
  [
    "a value before that was not there",
    "replaces",
    (changes) => changed(changes, at(isUpdate), { previous: 0 }),
  ],
  [
    "a deleted value that was not there",
    "deletes",
    (changes) =>
      changed(
        changes,
        at(({ type }) => type === "delete"),
        { value: 0 },
      ),
  ],
  [
    "a count that was lost",
    "the count goes from 1 to 1",
    (changes) =>
      changed(
        changes,
        at(({ kind, value }) => kind === "count" && value === 2),
        { value: 1 },
      ),
  ],
  [
    "a batch that is missing",
    "comes where 0 belongs",
    (changes) => changes.slice(at(({ batch }) => batch > 1)).map(fromOne),
  ],
  [
    "a batch that is called by another seq than its first",
    `not ${half + 1}`,
    (changes) => changed(changes, half + 1, { batch: half + 2 }),
  ],
  [
    "another batch inside of a batch",
    "stands inside of",
    (changes) => changed(changes, half + 1, { origin: `${WRITER} 999 1`, ...plain(999) }),
  ],
]

it.each(spoilt)("a ledger finds %s", (_, message, spoil) => {
  expect(() => read(spoil)).toThrow(message)
})

it("a ledger finds a batch at another seq than was acknowledged", () => {
  const { batch, seq = 0 } = told.acknowledged[5] ?? { batch: 0 }
  const early = new Ledger()
  early.acknowledge(WRITER, { batch, seq: seq + 1 })
  const take = () => {
    for (const change of told.changes) early.take(change)
  }
  expect(take).toThrow(`was told ${seq + 1} and is at ${seq}`)
  const late = read((changes) => changes)
  expect(() => late.acknowledge(WRITER, { batch, seq: seq + 1 })).toThrow(Fault)
})

it.each<[string, (entries: Entry[]) => Entry[]]>([
  ["misses one", (entries) => entries.slice(1)],
  ["has one too many", (entries) => [...entries, { ...(entries[0] as Entry), key: "new" }]],
  ["has an older version", (entries) => entries.with(0, { ...(entries[0] as Entry), version: 0 })],
])("a ledger finds a state that %s", (_, spoil) => {
  expect(() => read((changes) => changes).compare(spoil([...told.entries]))).toThrow(Fault)
})

it("a ledger finds a state in the middle of a batch", () => {
  const ledger = read((changes) => changes.slice(0, half + 1))
  expect(() => ledger.compare([])).toThrow("is not whole")
})

function changed(changes: Change[], index: number, difference: Partial<Change>): Change[] {
  return changes.with(index, { ...(changes[index] as Change), ...difference })
}

/** A change as the log would have it if it began with this one. */
function fromOne(change: Change, index: number): Change {
  return { ...change, seq: index + 1, version: 1, type: "create" }
}

function isUpdate({ type, kind }: Change): boolean {
  return type === "update" && kind === "shared"
}

/** What the batch of this number would write. */
function plain(batch: number): Partial<Change> {
  return { kind: "own", key: "new", version: 1, type: "create", value: contentOf(WRITER, batch, 0) }
}
