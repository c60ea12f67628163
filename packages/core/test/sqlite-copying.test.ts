import { copyFileSync, existsSync, mkdirSync, readdirSync, rmSync } from "node:fs"
import { join } from "node:path"
import { setImmediate } from "node:timers/promises"
import { openStore as openBetter, restoreBackup } from "@tidemark/core/better-sqlite3"
import { openStore as openNode } from "@tidemark/core/node-sqlite"
import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
let folders = 0

function freshPath(): string {
  const own = join(folder, String(++folders))
  mkdirSync(own)
  return join(own, "app.db")
}

describe.each([
  ["better-sqlite3", openBetter],
  ["node:sqlite", openNode],
] as const)("a backup with %s", (_, open) => {
  const pairs = Array.from({ length: 3_000 }, (_, n) => [`k${n}`, "x".repeat(400)] as const)

  it("G15 ends while another process writes without a pause, and is of the moment when it began", async () => {
    const path = freshPath()
    const store = open({ path, durability: "process" })
    await store.setMany("u", pairs)
    const other = new Database(path)
    other.pragma("synchronous = OFF")
    const write = other.prepare("UPDATE meta SET value = value + 1 WHERE name = 'forgotten'")
    let done = false
    const copied = store.backup(`${path}.bak`).finally(() => {
      done = true
    })
    let writes = 0
    for (; !done && writes < 20_000; writes++) {
      write.run()
      await setImmediate()
    }
    expect(writes).toBeLessThan(20_000)
    await copied
    other.close()
    await store.close()
    const copy = open({ path: `${path}.bak` })
    expect([await copy.count("u"), await copy.check()]).toEqual([3_000, { ok: true, problems: [] }])
    await copy.close()
  })

  it.each(["of a file", "in memory"])(
    "Z17 close waits for a backup %s that is being made",
    async (where) => {
      const path = freshPath()
      const store = open({ path: where === "in memory" ? ":memory:" : path, durability: "process" })
      await store.setMany("u", pairs)
      const copied = store.backup(`${path}.bak`)
      await store.close()
      expect(existsSync(`${path}.bak`)).toBe(true)
      await copied
      await expect(store.backup(`${path}.late`)).rejects.toMatchObject({ code: "closed" })
      const names = where === "in memory" ? ["app.db.bak"] : ["app.db", "app.db.bak"]
      expect(readdirSync(join(path, ".."))).toEqual(names)
      const copy = open({ path: `${path}.bak` })
      expect(await copy.count("u")).toBe(3_000)
      await copy.close()
    },
  )
})

describe("restoring", () => {
  it("G15 takes what stands in the -wal of the file that it restores", async () => {
    const [live, from, path] = [freshPath(), freshPath(), freshPath()]
    const store = openBetter({ path: live })
    await store.set("u", "a", "acknowledged")
    // What a killed process leaves.
    for (const part of ["", "-wal"]) copyFileSync(`${live}${part}`, `${from}${part}`)
    await store.close()
    expect(await restoreBackup({ from, path })).toEqual({ replaced: undefined })
    expect(readdirSync(join(path, ".."))).toEqual(["app.db"])
    expect(readdirSync(join(from, ".."))).toEqual(["app.db", "app.db-wal"])
    const restored = openBetter({ path })
    expect(await restored.get("u", "a")).toBe("acknowledged")
    await restored.close()
  })

  it("G15 leaves the old database in its place when the new one cannot take it", async () => {
    const path = freshPath()
    const store = openBetter({ path })
    await store.set("u", "a", "then")
    await store.backup(`${path}.bak`)
    await store.set("u", "a", "later")
    await store.close()
    let temporary = ""
    // The new file is lost at the last moment: when the old one has been made ready to go.
    class Losing extends Database {
      readonly #path: string
      constructor(name: string, options: { timeout: number }) {
        super(name, options)
        this.#path = name
        if (name.includes(".part")) temporary = name
      }
      override close(): this {
        super.close()
        if (this.#path === path) rmSync(temporary)
        return this
      }
    }
    await expect(
      restoreBackup({ from: `${path}.bak`, path, driver: Losing }),
    ).rejects.toMatchObject({ code: "storage_unavailable" })
    const again = openBetter({ path })
    expect(await again.get("u", "a")).toBe("later")
    await again.close()
  })
})
