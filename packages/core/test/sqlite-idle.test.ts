import { execFileSync } from "node:child_process"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { openStore } from "@tidemark/core/better-sqlite3"
import { expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
const idle = fileURLToPath(new URL("idle.mjs", import.meta.url))

it("Z12 a store holds what is followed in memory, not what is stored", async () => {
  const path = join(folder, "large.db")
  const store = openStore({ path, durability: "process" })
  for (let part = 0; part < 10; part++) {
    const pairs = Array.from(
      { length: 10_000 },
      (_, n) => [`k${part}-${n}`, "x".repeat(200)] as const,
    )
    await store.setMany("u", pairs)
  }
  await store.set("u", "k1", 1)
  await store.close()
  const bytes = Number(execFileSync(process.execPath, ["--expose-gc", idle, path]))
  // The values alone are 20 MB; the store's own code and statements are about one.
  expect(bytes).toBeLessThan(5_000_000)
})
