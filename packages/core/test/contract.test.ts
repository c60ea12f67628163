import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { openStoreOn } from "@tidemark/core/engine"
import { MemoryEngine, openStore as openMemory } from "@tidemark/core/memory"
import { openStore as openNodeFile } from "@tidemark/core/node-sqlite"
import { answeringLater, type OpenStore, storeContract } from "@tidemark/core/testing"
import { afterAll, describe, it } from "vitest"

const folder = mkdtempSync(join(tmpdir(), "tidemark-contract-"))
let files = 0

const engines: Record<string, OpenStore> = {
  memory: openMemory,
  "memory, answering later": (options) => openStoreOn(answeringLater(new MemoryEngine()), options),
  "better-sqlite3 on a file": (options) =>
    openFile({ path: join(folder, `${++files}.db`), ...options }),
  "better-sqlite3 in memory": (options) => openFile({ path: ":memory:", ...options }),
  "node:sqlite on a file": (options) =>
    openNodeFile({ path: join(folder, `${++files}.db`), ...options }),
  "node:sqlite in memory": (options) => openNodeFile({ path: ":memory:", ...options }),
}

afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe.each(Object.entries(engines))("Z12 the store contract on %s", (_, open) => {
  for (const { name, run } of storeContract) it(name, () => run(open))
})
