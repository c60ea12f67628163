import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import { openStoreAtOnce } from "@tidemark/core/engine"
import { SqliteEngine } from "@tidemark/core/sqlite"
import { connect } from "@tidemark/sync"
import Database from "better-sqlite3"
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest"
import { answerMutate } from "../src/authority.ts"
import { portWay } from "./replicas.ts"

let folder: string
let authority: Store
/** Ends the sync that is under way. */
let release: () => void
/** Whether syncs wait for `release`. */
let held: boolean

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemark-durable-"))
  held = false
  const engine = new SqliteEngine(() => new Database(join(folder, "authority.db")), {
    name: "held",
    storage: "file",
    file: () => ({
      syncAtOnce() {},
      sync: async () => {
        if (!held) return
        const { promise, resolve } = Promise.withResolvers<void>()
        release = resolve
        await promise
      },
      watch: () => () => {},
      isReplaced: () => false,
      close() {},
    }),
  })
  authority = openStoreAtOnce(engine)
})

afterEach(async () => {
  await authority.close()
  rmSync(folder, { recursive: true, force: true })
})

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

describe("C6 an authority whose disk is slow", () => {
  it("tells its followers nothing that a power cut could take back", async () => {
    const way = await portWay(authority)
    const replica = connect(way.channel)
    await authority.set("u", "a", 1)
    await vi.waitFor(async () => expect(await replica.get("u", "a")).toBe(1))
    held = true
    const written = authority.set("u", "a", 2)
    // One that comes now begins with what is on the disk.
    const late = connect((await portWay(authority)).channel)
    expect(await late.get("u", "a")).toBe(1)
    for (let n = 0; n < 50; n++) await turn()
    const shown = [authority, replica, late].map((store) => store.get("u", "a"))
    expect(await Promise.all(shown)).toEqual([2, 1, 1])
    release()
    await written
    for (const one of [replica, late])
      await vi.waitFor(async () => expect(await one.get("u", "a")).toBe(2))
    await Promise.all([replica.close(), late.close()])
    await way.close()
  })

  it("does not answer a repeated mutation before the first one is on the disk", async () => {
    const client = "c".repeat(32)
    const send = () =>
      answerMutate(
        authority,
        { principal: "me" },
        {
          type: "mutate",
          answered: 0,
          since: Date.now(),
          kept: true,
          client,
          epoch: authority.epoch,
          mutations: [{ mutation: 1, ops: [{ type: "set", kind: "u", key: "a", value: 1 }] }],
        },
      )
    held = true
    const first = send()
    await vi.waitFor(async () => expect(await authority.get("u", "a")).toBe(1))
    expect(await send()).toEqual([{ type: "retry", afterMs: 1000 }])
    release()
    expect(await first).toMatchObject([{ type: "ack", mutation: 1, seq: 2 }])
    expect(await send()).toEqual(await first)
  })
})

describe("C6 an authority whose database is restored in place", () => {
  it("tells its followers of the other sequence, and they begin anew and keep their writes", async () => {
    const path = join(folder, "restored.db")
    const store = openStore({ path, durability: "process", pollInterval: 5 })
    const way = await portWay(store)
    const replica = connect(way.channel)
    await store.setMany("u", { a: 1, b: 1 })
    await vi.waitFor(async () => expect(await replica.keys("u")).toEqual(["a", "b"]))
    const database = new Database(path)
    database.exec(`
      BEGIN IMMEDIATE;
      DELETE FROM log;
      DELETE FROM kv;
      UPDATE meta SET value = 'restored' WHERE name = 'epoch';
      INSERT INTO log (seq, batch, type, kind, key, version, at, value)
        VALUES (1, 1, 'create', 'u', 'a', 1, 1, '"old"');
      INSERT INTO kv (kind, key, seq, deleted) VALUES ('u', 'a', 1, 0);
      COMMIT;
    `)
    database.close()
    await vi.waitFor(async () => expect(await replica.keys("u")).toEqual(["a"]))
    expect([await replica.get("u", "a"), replica.epoch]).toEqual(["old", "restored"])
    await replica.set("u", "c", 1)
    expect(await store.keys("u")).toEqual(["a", "c"])
    expect(replica.status.get().connection).toBe("live")
    await replica.close()
    await way.close()
    await store.close()
  })
})
