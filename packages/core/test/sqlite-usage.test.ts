import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { type Entry, kind, type Live, type Store } from "@tidemark/core"
import { openStore, restoreBackup } from "@tidemark/core/better-sqlite3"
import Database from "better-sqlite3"
import { expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
let folders = 0

function freshPath(): string {
  const own = join(folder, String(++folders))
  mkdirSync(own)
  return join(own, "app.db")
}

it("G15 a check finds what is counted for a scope's quota and is not so, and restoring mends it", async () => {
  const path = freshPath()
  const store = openStore({ path })
  const scope = store.scope("s", { keys: 4 })
  await scope.setMany("u", { a: "ü€😀", b: { deep: [1, null] }, c: 1 })
  await scope.set("u", "a", "shorter")
  await scope.delete("u", "c")
  await scope.scope("inner").set("v", "€", 1)
  expect(await store.check()).toEqual({ ok: true, problems: [] })
  const held = await scope.usage()
  for (const sql of [
    "UPDATE usage SET keys = 99 WHERE kind LIKE '%:u'",
    "UPDATE usage SET bytes = bytes - 1 WHERE kind LIKE '%:v'",
  ]) {
    new Database(path).exec(sql).close()
  }
  const { ok, problems } = await store.check()
  expect([ok, problems]).toEqual([
    false,
    ["2 kinds of scopes hold something else than is counted for their quota"],
  ])
  await expect(scope.set("u", "new", 1)).rejects.toMatchObject({ code: "quota_exceeded" })
  await store.backup(`${path}.bak`)
  await store.close()
  await restoreBackup({ from: `${path}.bak`, path })
  const restored = openStore({ path })
  expect(await restored.check()).toEqual({ ok: true, problems: [] })
  const again = restored.scope("s", { keys: 4 })
  expect(await again.usage()).toEqual(held)
  await again.set("u", "new", 1)
  await restored.close()
})

it("Z17 an equality of the application may read the store, by an index too, while a write is decided", async () => {
  const seen: number[] = []
  let found: Live<readonly Entry[]>
  const kinds = {
    k: kind<number>({
      equals: () => {
        seen.push(found.get().length)
        return false
      },
    }),
    q: kind<{ x: number }>({ indexes: ["x"] }),
  }
  const store = openStore({ path: freshPath(), kinds }) as Store
  await store.set("q", "1", { x: 1 })
  await store.set("k", "1", 1)
  // Asked first in the middle of the commit.
  found = store.liveList("q", { where: { x: 1 } })
  expect(await store.set("k", "1", 2)).toMatchObject({ outcome: "updated" })
  expect(seen.at(-1)).toBe(1)
  expect(await store.check()).toEqual({ ok: true, problems: [] })
  await store.close()
})
