import type { Batch } from "../batch.ts"
import type { Store } from "../store.ts"
import { createUndo, type Undo, type UndoOptions } from "../undo.ts"
import { type ContractCase, contractCase } from "./case.ts"
import { holds, refuses, same, until } from "./claim.ts"

const mine = { origin: "me" }

/** Taking writes back and putting them in place again: C3. */
export const undoingCases: readonly ContractCase[] = [
  undoCase(
    "C3 undo takes back a create, an update and a delete, and redo repeats them",
    async (store, undo) => {
      await store.set("u", "a", 1, mine)
      await store.set("u", "a", 2, mine)
      await store.delete("u", "a", mine)
      const seen = []
      for (let n = 0; n < 3; n++) {
        await undo.undo()
        seen.push(await store.get("u", "a"))
      }
      same(await undo.undo(), undefined)
      for (let n = 0; n < 3; n++) {
        await undo.redo()
        seen.push(await store.get("u", "a"))
      }
      same(await undo.redo(), undefined)
      same(seen, [2, 1, undefined, 1, 2, undefined])
      await undo.undo()
      await undo.undo()
      await undo.redo()
      same(await store.get("u", "a"), 2)
    },
  ),
  undoCase("C3 a batch is one step, which names what it inverts", async (store, undo) => {
    await store.set("u", "a", 1)
    await store.transaction(async (tx) => {
      await tx.update("u", "a", () => 2)
      await tx.set("u", "b", 1)
      await tx.set("u", "b", 2)
      await tx.set("v", "c", { n: [1] })
      await tx.delete("v", "c")
    }, mine)
    const step = (await store.history("u", "a"))[0]?.batch
    await undo.undo()
    same([await store.get("u", "a"), await store.keys("u")], [1, ["a"]])
    const [change] = await store.history("u", "a")
    same([change?.cause, change?.origin], [`undo:${step}`, "me"])
    await undo.redo()
    same([await store.get("u", "a"), await store.get("u", "b")], [2, 2])
    same((await store.history("u", "a"))[0]?.cause, `redo:${change?.batch}`)
  }),
  undoCase("C3 a write that is on its way is waited for, and then undone", async (store, undo) => {
    await store.set("u", "a", 1, mine)
    const pending = store.set("u", "a", 2, mine)
    await undo.undo()
    same(await store.get("u", "a"), 1)
    await pending
  }),
  undoCase("C3 only the origin's own batches are undone", async (store, undo) => {
    await store.set("u", "a", 1, mine)
    await store.set("u", "b", 1, { origin: "you" })
    await store.set("u", "c", 1)
    await undo.undo()
    same([await store.keys("u"), await undo.undo()], [["b", "c"], undefined])
  }),
  undoCase(
    "C3 what somebody else has changed since is a conflict, and stays",
    async (store, undo) => {
      await store.commit({ ops: [set("a", 1), set("b", 1)], ...mine })
      await store.set("u", "b", 2)
      const { details, message } = await refuses("conflict", () => undo.undo())
      same([details.kind, details.key], ["u", "b"])
      holds(message.includes("u/b has changed since"), "the message names the entry")
      same([await store.get("u", "a"), await store.get("u", "b")], [1, 2])
      holds(undo.canUndo.get(), "the step is still there")
      await store.delete("u", "b")
      await refuses("conflict", () => undo.undo())
      await store.set("u", "c", 1, mine)
      await store.delete("u", "c", mine)
      await store.set("u", "c", 2)
      await refuses("conflict", () => undo.undo())
      same(await store.get("u", "c"), 2)
    },
  ),
  undoCase("C3 a write of the origin ends redo; others' writes do not", async (store, undo) => {
    await store.set("u", "a", 1, mine)
    await store.set("u", "a", 2, mine)
    await undo.undo()
    await store.set("u", "b", 1)
    await until(() => undo.canRedo.get())
    await store.set("u", "c", 1, mine)
    await until(() => !undo.canRedo.get())
    same([await undo.redo(), await store.get("u", "a")], [undefined, 1])
    await undo.undo()
    await undo.undo()
    same(await store.keys("u"), ["b"])
  }),
  undoCase("C3 canUndo and canRedo are live, and end with the undo", async (store, undo) => {
    await undo.canUndo.ready
    const told: (readonly [boolean, boolean])[] = []
    const tell = () => told.push([undo.canUndo.get(), undo.canRedo.get()])
    undo.canUndo.subscribe(tell)
    undo.canRedo.subscribe(tell)
    same([undo.canUndo.get(), undo.canRedo.get()], [false, false])
    await store.set("u", "a", 1, mine)
    await until(() => undo.canUndo.get())
    await undo.undo()
    same(told.at(-1), [false, true])
    undo.close()
    undo.close()
    same([undo.canUndo.status, undo.canRedo.status], ["closed", "closed"])
    await refuses("closed", () => undo.undo())
    await refuses("closed", () => undo.redo())
  }),
  undoCase(
    "C3 only batches whose entries are all of the given kinds are steps",
    async (store, undo) => {
      await store.set("u", "a", 1, mine)
      await store.set("w", "a", 1, mine)
      await store.commit({ ops: [set("a", 2), { ...set("x", 1), kind: "w" }], ...mine })
      await store.set("v", "a", 1, mine)
      await undo.undo()
      same([await store.kinds(), await store.get("u", "a")], [["u", "w"], 2])
      await refuses("conflict", () => undo.undo())
    },
    { kinds: ["u", "v"] },
  ),
  undoCase(
    "C3 quick batches are one step, unless somebody writes between them",
    async (store, undo) => {
      for (const text of ["T", "Ti", "Tide"]) await store.set("u", "a", text, mine)
      await store.set("u", "b", 1, mine)
      await undo.undo()
      same(await store.keys("u"), [])
      await undo.redo()
      same([await store.get("u", "a"), await store.get("u", "b")], ["Tide", 1])
      await store.set("u", "a", "Tides", mine)
      await store.set("u", "a", "Ebb")
      await store.set("u", "a", "Ebbs", mine)
      await undo.undo()
      same(await store.get("u", "a"), "Ebb")
      await refuses("conflict", () => undo.undo())
    },
    { groupWithin: 3_600_000 },
  ),
  undoCase("C3 a step that changed nothing in the end is passed over", async (store, undo) => {
    await store.set("u", "a", 1, mine)
    await store.commit({ ops: [set("b", 1), { type: "delete", kind: "u", key: "b" }], ...mine })
    await store.set("u", "a", 1, mine)
    await undo.undo()
    same([await store.keys("u"), undo.canUndo.get(), undo.canRedo.get()], [[], false, true])
  }),
  contractCase(
    "C3 an undo that begins later, or beside another, knows the same steps",
    async (store) => {
      const first = createUndo(store, mine)
      for (const n of [1, 2, 3]) await store.set("u", "a", n, mine)
      await first.undo()
      const second = createUndo(store, mine)
      await second.undo()
      same(await store.get("u", "a"), 1)
      await first.redo()
      await second.redo()
      same(await store.get("u", "a"), 3)
      same([await first.redo(), await second.redo()], [undefined, undefined])
      for (const undo of [second, first, second]) await undo.undo()
      same([await store.keys("u"), await first.undo()], [[], undefined])
      first.close()
      second.close()
    },
  ),
  undoCase("C3 an entry gets the end back that it had", async (store, undo) => {
    const [end, later] = [Date.now() + 3_600_000, Date.now() + 7_200_000]
    await store.commit({ ops: [{ ...set("a", 1), expiresAt: end }] })
    await store.commit({ ops: [{ ...set("a", 2), expiresAt: later }], ...mine })
    await store.set("u", "a", 3, mine)
    await store.delete("u", "a", mine)
    const ends = []
    for (const way of ["undo", "undo", "undo", "redo"] as const) {
      await undo[way]()
      ends.push((await store.entry("u", "a"))?.expiresAt)
    }
    same(ends, [undefined, later, end, later])
  }),
  contractCase(
    "C3 only so many steps are kept, and options that cannot hold are refused",
    async (store) => {
      const undo = createUndo(store, { ...mine, depth: 2 })
      for (const n of [1, 2, 3]) await store.set("u", "a", n, mine)
      await undo.undo()
      await undo.undo()
      same([await undo.undo(), await store.get("u", "a")], [undefined, 1])
      undo[Symbol.dispose]()
      for (const bad of [{ depth: 0 }, { groupWithin: -1 }, { origin: 1 as never }]) {
        await refuses("invalid_value", () => createUndo(store, { ...mine, ...bad }))
      }
    },
  ),
  contractCase("C3 an undo ends with its store", async (store) => {
    const undo = createUndo(store, mine)
    await undo.canUndo.ready
    await store.close()
    await until(() => undo.canUndo.status === "closed")
    await refuses("closed", () => undo.undo())
  }),
]

/** A case on one store and an undo of the origin "me". */
function undoCase(
  name: string,
  check: (store: Store, undo: Undo) => Promise<void>,
  options: Partial<UndoOptions> = {},
): ContractCase {
  return contractCase(name, async (store) => {
    const undo = createUndo(store, { ...mine, ...options })
    try {
      await check(store, undo)
    } finally {
      undo.close()
    }
  })
}

function set(key: string, value: unknown): Batch["ops"][number] & { readonly type: "set" } {
  return { type: "set", kind: "u", key, value }
}
