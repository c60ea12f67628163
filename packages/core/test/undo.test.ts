import { join } from "node:path"
import { type Change, createUndo, kind, type Store, StoreError, type Undo } from "@tidemark/core"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { devalueCodec } from "@tidemark/core/codecs/devalue"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { openStore } from "@tidemark/core/memory"
import fc from "fast-check"
import { expect, it, vi } from "vitest"
import { foldBatch, NO_STEPS } from "../src/undo-stack.ts"
import { temporaryFolder } from "./folder.ts"
import { MovableEngine } from "./movable-engine.ts"

const folder = temporaryFolder()
const mine = { origin: "me" }

it("C3 steps survive a restart, undone ones too", async () => {
  const path = join(folder, "restart.db")
  const before = openFile({ path })
  for (const n of [1, 2, 3]) await before.set("u", "a", n, mine)
  await createUndo(before, mine).undo()
  await before.close()

  const after = openFile({ path })
  const undo = createUndo(after, mine)
  await undo.canUndo.ready
  expect([undo.canUndo.get(), undo.canRedo.get()]).toEqual([true, true])
  await undo.undo()
  expect(await after.get("u", "a")).toBe(1)
  await undo.redo()
  await undo.redo()
  expect(await after.get("u", "a")).toBe(3)
  await after.close()
})

it("C3 two stores on one file, with undos of one origin, know the same steps", async () => {
  const path = join(folder, "two.db")
  const stores = [openFile({ path }), openFile({ path })] as const
  const both = async () => {
    const head = Math.max(...stores.map(({ position }) => position))
    await vi.waitFor(() => expect(stores.map(({ position }) => position)).toEqual([head, head]))
  }
  const undos = stores.map((store) => createUndo(store, mine))
  for (const n of [0, 1, 2]) {
    await stores[n % 2 === 0 ? 0 : 1].set("u", "a", n, mine)
    await both()
  }
  for (const expected of [1, 0, undefined]) {
    await undos[expected === 0 ? 1 : 0]?.undo()
    await both()
    expect(await stores[1].get("u", "a")).toBe(expected)
  }
  await undos[1]?.redo()
  await both()
  expect([await stores[0].get("u", "a"), await undos[0]?.undo()]).toMatchObject([0, {}])
  await Promise.all(stores.map((store) => store.close()))
})

it("C3 what the log does not hold any more cannot be undone after a restart", async () => {
  const path = join(folder, "pruned.db")
  const before = openFile({ path })
  await before.set("u", "b", 1, mine)
  for (const n of [1, 2, 3]) await before.set("u", "a", n, mine)
  const running = createUndo(before, mine)
  await running.canUndo.ready
  await before.prune({ changes: 0, versions: 1 })
  // One that has read it before still knows.
  for (let n = 0; n < 4; n++) await running.undo()
  expect(await before.count("u")).toBe(0)
  for (let n = 0; n < 4; n++) await running.redo()
  await before.prune({ changes: 0, versions: 1 })
  await before.close()

  const after = openFile({ path })
  const late = createUndo(after, mine)
  await late.undo()
  expect([await after.get("u", "a"), await late.undo()]).toEqual([2, undefined])
  await after.close()
})

it("C3 an update of which the log does not tell what was before bars what is older", () => {
  const rules = { ...mine, kinds: undefined, groupWithin: -1, depth: 9 }
  const change = (seq: number, previous?: number): Change => {
    const facts = { kind: "u", key: "a", value: seq, version: seq, at: 0, cause: "write", ...mine }
    const told = previous === undefined ? {} : { previous }
    return { seq, type: seq === 1 ? "create" : "update", batch: seq, ...facts, ...told }
  }
  const fold = (...changes: Change[]) =>
    changes
      .reduce((stacks, one) => foldBatch(stacks, [one], rules), NO_STEPS)
      .undo.map(({ id }) => id)
  expect(fold(change(1), change(2, 1), change(3, 2))).toEqual([1, 2, 3])
  expect(fold(change(1), change(2), change(3, 2))).toEqual([3])
})

it("C3 steps of a sequence that was replaced are gone", async () => {
  const engine = new MovableEngine()
  const store = openStoreAtOnce(engine)
  const undo = createUndo(store, mine)
  await store.set("u", "a", 1, mine)
  engine.replace(9, [])
  expect(await undo.undo()).toBeUndefined()
  await store.set("u", "b", 1, mine)
  await undo.undo()
  expect(await store.keys("u")).toEqual([])
  await store.close()
})

it("C3 values that JSON cannot carry are put back as they were", async () => {
  const path = join(folder, "dates.db")
  const kinds = { u: kind<Date>({ codec: devalueCodec }) }
  const before = openFile({ path, kinds })
  await before.set("u", "a", new Date(1), mine)
  await before.set("u", "a", new Date(2), mine)
  await before.delete("u", "a", mine)
  await before.close()
  const after = openFile({ path, kinds })
  const undo = createUndo(after, mine)
  for (const expected of [new Date(2), new Date(1), undefined]) {
    await undo.undo()
    expect(await after.get("u", "a")).toEqual(expected)
  }
  await after.close()
})

it("C3 a failing read is reported, told by canUndo, and rejects undo until it works again", async () => {
  let broken = true
  class Broken extends MovableEngine {
    override changes(after: number, limit: number) {
      if (broken) throw new Error("no disk")
      return super.changes(after, limit)
    }
  }
  const engine = new Broken()
  engine.ingest({
    epoch: "e",
    to: 1,
    changes: [
      {
        seq: 1,
        type: "create",
        kind: "u",
        key: "a",
        value: 1,
        version: 1,
        at: 0,
        cause: "write",
        batch: 1,
        ...mine,
      },
    ],
  })
  const store = openStoreAtOnce(engine)
  const errors: unknown[] = []
  const undo = createUndo(store, { ...mine, onError: (error) => errors.push(error) })
  await expect(undo.canUndo.ready).rejects.toThrow("no disk")
  expect([errors.length, undo.canUndo.status, undo.canUndo.get()]).toEqual([1, "failed", false])
  await expect(undo.undo()).rejects.toThrow("no disk")
  broken = false
  await undo.undo()
  expect([await store.keys("u"), undo.canRedo.status, undo.canRedo.get()]).toEqual([
    [],
    "ready",
    true,
  ])
  await store.close()
})

it("C3 changes that cannot be read bar what is older, and it goes on after them", async () => {
  class Newer extends MovableEngine {
    override changes(after: number, limit: number) {
      if (after < 2) throw new StoreError("schema_too_new", "u/a is of a newer schema")
      return super.changes(after, limit)
    }
  }
  const engine = new Newer()
  const facts = { kind: "u", value: 1, version: 1, at: 0, cause: "write", ...mine }
  const changes = ["a", "b"].map(
    (key, at): Change => ({ ...facts, type: "create", key, seq: at + 1, batch: at + 1 }),
  )
  engine.ingest({ epoch: "e", to: 2, changes })
  const store = openStoreAtOnce(engine)
  const errors: unknown[] = []
  const undo = createUndo(store, { ...mine, onError: (error) => errors.push(error) })
  expect(await undo.undo()).toBeUndefined()
  expect(errors).toMatchObject([{ code: "schema_too_new" }])
  await store.set("u", "c", 1, mine)
  await undo.undo()
  expect(await store.keys("u")).toEqual(["a", "b"])
  await store.close()
})

type Command =
  | readonly ["set" | "delete", key: string, value: number]
  | readonly ["undo" | "redo" | "restart"]

const key = fc.constantFrom("a", "b")
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.tuple(fc.constantFrom("set", "delete"), key, fc.nat(2)),
  fc.tuple(fc.constantFrom("undo", "undo", "redo", "restart")),
)

it("C3 any run of writes, undos, redos and restarts is as on a stack of states", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 30 }), async (commands) => {
      const store = openStore()
      const model = new Model()
      let undo = createUndo(store, mine)
      for (const one of commands) {
        undo = await play(store, undo, one)
        model.play(one)
        const entries = (await store.list("u")).map(({ key, value }) => [key, value])
        expect(Object.fromEntries(entries)).toEqual(model.now)
      }
      await store.close()
    }),
    { numRuns: 300 },
  )
})

async function play(store: Store, undo: Undo, command: Command): Promise<Undo> {
  const [name, key = "", value] = command
  if (name === "set") await store.set("u", key, value, mine)
  else if (name === "delete") await store.delete("u", key, mine)
  else if (name !== "restart") await undo[name]()
  else {
    undo.close()
    return createUndo(store, mine)
  }
  return undo
}

/** Undo as everybody knows it: whole states on two stacks. */
class Model {
  now: Readonly<Record<string, number>> = {}
  #past: Model["now"][] = []
  #future: Model["now"][] = []

  play([name, key = "", value = 0]: Command): void {
    if (name === "undo") this.#move(this.#past, this.#future)
    else if (name === "redo") this.#move(this.#future, this.#past)
    else if (name !== "restart") this.#write(name === "set" ? value : undefined, key)
  }

  #write(value: number | undefined, key: string): void {
    if (this.now[key] === value) return
    this.#past.push(this.now)
    this.#future = []
    const { [key]: _, ...others } = this.now
    this.now = value === undefined ? others : { ...others, [key]: value }
  }

  #move(from: Model["now"][], to: Model["now"][]): void {
    const state = from.pop()
    if (state === undefined) return
    to.push(this.now)
    this.now = state
  }
}
