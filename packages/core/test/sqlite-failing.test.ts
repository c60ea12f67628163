import { join } from "node:path"
import type { Store, StoreOptions } from "@tidemark/core"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { openStoreOn } from "@tidemark/core/engine"
import { type SqliteConnection, SqliteEngine } from "@tidemark/core/sqlite"
import { expect, it } from "vitest"
import { Failing } from "./failing.ts"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()

it("Z2 a commit that fails at any statement acknowledges nothing and takes its effect back", async () => {
  const before = { a: 1, b: 1, c: undefined }
  const after = { a: 2, b: undefined, c: 3 }
  let failures = 0
  for (let calls = 0; ; calls++) {
    const connection = new Failing()
    const store = await storeOn(connection)
    await store.setMany("u", { a: 1, b: 1 })
    const position = store.position
    const live = store.liveList("u")
    await live.ready

    const written = [store.set("u", "a", 2), store.delete("u", "b"), store.setMany("u", { c: 3 })]
    expect(shownBy(store)).toEqual(after)
    connection.failAfter(calls)
    const ends = await Promise.allSettled(written)
    if (connection.armed) {
      expect(ends.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"])
      expect(shownBy(store)).toEqual(after)
      await store.close()
      break
    }

    failures++
    for (const end of ends) {
      expect(end).toMatchObject({
        status: "rejected",
        reason: { code: "storage_unavailable", hint: expect.stringMatching(/full/) },
      })
    }
    expect(shownBy(store)).toEqual(before)
    expect(live.get().map(({ key, value, pending }) => [key, value, pending])).toEqual([
      ["a", 1, undefined],
      ["b", 1, undefined],
    ])
    expect(store.status.get().pending).toBe(0)
    expect([store.position, await store.count("u")]).toEqual([position, 2])

    // There is room again.
    expect(await store.set("u", "a", 9)).toEqual({
      outcome: "updated",
      version: 2,
      seq: position + 1,
    })
    expect((await store.history("u", "a")).map(({ value }) => value)).toEqual([9, 1])
    await store.close()
  }
  // BEGIN, the head, two statements for each of three changes, COMMIT: all of them have failed once.
  expect(failures).toBeGreaterThanOrEqual(9)
})

it("Z2 what fails while somebody follows is refused and not there, or acknowledged and there", async () => {
  let failures = 0
  for (let calls = 0; ; calls++) {
    const connection = new Failing()
    const reported: unknown[] = []
    const store = await storeOn(connection, { onError: (error) => reported.push(error) })
    await store.setMany("u", { a: 1, b: 1 })
    const [list, key] = [store.liveList("u"), store.live("u", "c")]
    list.subscribe(() => {})
    key.subscribe(() => {})

    connection.failAfter(calls)
    // The second one is refused: then its key is read again.
    const ends = await Promise.allSettled([
      store.set("u", "c", 3),
      store.set("u", "b", 2, { ifVersion: 9 }),
      store.set("u", "d", 4),
    ])
    const failed = !connection.armed
    connection.failAfter(Number.POSITIVE_INFINITY)
    const there = [await store.get("u", "c"), await store.get("u", "b"), await store.get("u", "d")]
    const [first, , third] = ends.map(({ status }) => status === "fulfilled")
    expect(there, `call ${calls}`).toEqual([first ? 3 : undefined, 1, third ? 4 : undefined])
    expect([key.get(), store.status.get().pending, reported]).toEqual([there[0], 0, []])
    expect(list.get()).toEqual(await store.list("u"))
    await store.close()
    if (!failed) break
    failures++
  }
  expect(failures).toBeGreaterThanOrEqual(9)
})

it("Z2 a commit that cannot read what another store has written before is undone", async () => {
  for (let calls = 0; ; calls++) {
    const path = join(folder, `${calls}.db`)
    const connection = new Failing(path)
    const store = await storeOn(connection)
    const other = openFile({ path, durability: "process" })
    await other.setMany("u", { a: 1, b: 1 })
    const seen: string[] = []
    store.watch("u").subscribe(({ key }) => seen.push(key))
    connection.failAfter(calls)
    const [end] = await Promise.allSettled([store.set("u", "c", 1)])
    const failed = !connection.armed
    connection.failAfter(Number.POSITIVE_INFINITY)
    expect(end?.status).toBe(failed ? "rejected" : "fulfilled")
    expect(await other.keys("u")).toEqual(failed ? ["a", "b"] : ["a", "b", "c"])
    await store.set("u", "d", 1)
    await Promise.all([store.close(), other.close()])
    expect(seen).toEqual(failed ? ["a", "b", "d"] : ["a", "b", "c", "d"])
    if (!failed) break
  }
})

it("Z17 an opening that fails at any statement closes its connection and leaves no half-made tables", async () => {
  for (let calls = 0; ; calls++) {
    const connection = new Failing()
    connection.failAfter(calls)
    const closed = Promise.withResolvers<void>()
    const close = connection.close.bind(connection)
    connection.close = () => {
      close()
      closed.resolve()
    }
    const opened = await Promise.resolve()
      .then(() => storeOn(connection))
      .catch((error: unknown) => error)
    if (connection.armed) {
      await (opened as Store).close()
      break
    }
    expect(opened).toMatchObject({ code: "storage_unavailable" })
    await closed.promise
  }
})

async function storeOn(connection: SqliteConnection, options: StoreOptions = {}): Promise<Store> {
  const engine = new SqliteEngine(() => connection, { name: "failing", storage: "memory" })
  return openStoreOn(engine, options)
}

function shownBy(store: Store): Record<string, unknown> {
  return Object.fromEntries(["a", "b", "c"].map((key) => [key, store.peek("u", key)]))
}
