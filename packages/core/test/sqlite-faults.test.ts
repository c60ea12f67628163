import { join } from "node:path"
import type { Change, Store, StoreError } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { type Fragile, openFragile } from "./failing.ts"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
let files = 0

/** What became of one write of the script. */
interface Told {
  readonly key: string
  readonly value: number | undefined
  /** Its seq, if it was acknowledged: 0 where it was not told, -1 where nothing had to be written. */
  readonly seq?: number
  /** Whether it was refused with the word that it is in place. */
  readonly inPlace?: boolean
}

/** Writes one after the other and in groups, and notes what became of each. */
async function runScript(store: Store): Promise<Told[]> {
  const told: Told[] = []
  const note = async (key: string, value: number | undefined, write: Promise<number>) => {
    try {
      told.push({ key, value, seq: await write })
    } catch (error) {
      expect(error).toMatchObject({ name: "StoreError", code: "storage_unavailable" })
      told.push({ key, value, inPlace: (error as StoreError).message.includes("in place") })
    }
  }
  const set = (key: string, value: number) =>
    note(
      key,
      value,
      store.set("u", key, value).then(({ seq }) => seq),
    )
  await set("a", 1)
  await Promise.all([set("b", 1), set("c", 1)])
  await note(
    "a",
    11,
    store.transaction(async (tx) => tx.set("u", "a", 11)).then(() => 0),
  )
  const together = [set("d", 1)]
  await Promise.resolve()
  together.push(set("e", 1), set("b", 2))
  await Promise.all(together)
  const deleted = store.delete("u", "c")
  await note(
    "c",
    undefined,
    deleted.then(({ existed }) => (existed ? 0 : -1)),
  )
  await set("a", 3)
  return told
}

/** Holds a store that has run the script to what it told, here and in its file. */
async function checkAll(fragile: Fragile, told: readonly Told[], seen: readonly Change[]) {
  const { store, clock, path, reported } = fragile
  await clock.pass(60_000)
  expect(store.status.get()).toMatchObject({ health: "ok", pending: 0 })
  expect(store.status.get().failure).toBeUndefined()
  const here = { entries: await store.list("u"), log: await store.changes({ after: 0 }) }
  const peeked = ["a", "b", "c", "d", "e"].map((key) => store.peek("u", key))
  const last = await store.set("u", "last", 1)
  await clock.pass(0)
  await store.close()

  const again = openStore({ path })
  const log = await again.changes({ after: 0 })
  expect(log.map(({ seq }) => seq)).toEqual(log.map((_, index) => index + 1))
  expect(log.slice(0, -1)).toEqual(here.log)
  expect(log.at(-1)?.seq).toBe(last.seq)
  expect((await again.list("u")).filter(({ key }) => key !== "last")).toEqual(here.entries)
  expect(await Promise.all(["a", "b", "c", "d", "e"].map((key) => again.get("u", key)))).toEqual(
    peeked,
  )
  expect(seen).toEqual(log)
  for (const { key, value, seq, inPlace } of told) {
    if (seq === -1) continue
    const found = log.filter((one) =>
      value === undefined
        ? one.key === key && one.type === "delete"
        : one.key === key && one.value === value && one.type !== "delete",
    )
    const acknowledged = seq !== undefined
    expect(found.length, `${key} = ${value}`).toBe(acknowledged || inPlace ? 1 : 0)
    if (seq !== undefined && seq > 0) expect(found[0]?.seq).toBe(seq)
  }
  expect(reported).toEqual([])
  const database = new Database(path)
  expect(database.pragma("integrity_check", { simple: true })).toBe("ok")
  database.close()
  await again.close()
}

describe.each(["connection", "file"] as const)("Z2 a disk that fails once, at the %s", (part) => {
  it("Z2 whichever call fails, nothing acknowledged is lost, memory is the file, seq has no hole", {
    timeout: 60_000,
  }, async () => {
    let failures = 0
    for (let calls = 0; ; calls++) {
      const fragile = openFragile(join(folder, `${++files}.db`))
      const seen: Change[] = []
      fragile.store.watch("u").subscribe((change) => seen.push(change))
      const live = fragile.store.liveList("u")
      live.subscribe(() => {})
      fragile[part].failAfter(calls)
      const told = await runScript(fragile.store)
      const failed = !fragile[part].armed
      fragile[part].failAfter(Number.POSITIVE_INFINITY)
      if (failed) failures++
      else expect(told.every(({ seq }) => seq !== undefined)).toBe(true)
      await checkAll(fragile, told, seen)
      if (!failed) break
    }
    expect(failures).toBeGreaterThanOrEqual(part === "file" ? 7 : 40)
  })
})
