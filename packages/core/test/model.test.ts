import { join } from "node:path"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { openStoreOn } from "@tidemark/core/engine"
import { MemoryEngine, openStore as openMemory } from "@tidemark/core/memory"
import { openStore as openNode } from "@tidemark/core/node-sqlite"
import { answeringLater } from "@tidemark/core/testing"
import fc from "fast-check"
import { describe, it } from "vitest"
import { temporaryFolder } from "./folder.ts"
import { commands } from "./model/commands.ts"
import { Model } from "./model/model.ts"
import { Real, type Subject } from "./model/real.ts"

const folder = temporaryFolder()
let files = 0

/** Commands of one sequence. */
const LENGTH = 50

/** `TIDEMARK_MODEL_RUNS` multiplies the sequences, `TIDEMARK_MODEL_SEED` and `…_PATH` repeat a failure. */
const { TIDEMARK_MODEL_RUNS = "1", TIDEMARK_MODEL_SEED, TIDEMARK_MODEL_PATH } = process.env
const factor = Number(TIDEMARK_MODEL_RUNS)

const subjects: Record<string, { readonly runs: number; make(): Subject }> = {
  memory: { runs: 800, make: () => ({ persists: false, open: openMemory }) },
  "memory, answering later": {
    runs: 40,
    make: () => ({
      persists: false,
      open: (options) => openStoreOn(answeringLater(new MemoryEngine()), options),
    }),
  },
  "better-sqlite3 in memory": {
    runs: 660,
    make: () => ({
      persists: false,
      open: (options) => openFile({ path: ":memory:", ...options }),
    }),
  },
  "better-sqlite3 on a file": { runs: 300, make: () => onFile(openFile) },
  "node:sqlite on a file": { runs: 200, make: () => onFile(openNode) },
}

describe.each(Object.entries(subjects))("Z12 %s", (_, { runs, make }) => {
  it("does what the model says, whatever is done to it", {
    timeout: 600_000 * factor,
  }, async () => {
    const property = fc.asyncProperty(
      fc.commands([...commands], { maxCommands: LENGTH, size: "max" }),
      async (sequence) => {
        const real = await Real.open(make())
        const model = new Model()
        try {
          await fc.asyncModelRun(() => ({ model, real }), sequence)
          await real.check(model)
        } finally {
          await real.close()
        }
      },
    )
    await fc.assert(property, {
      numRuns: runs * factor,
      ...(TIDEMARK_MODEL_SEED === undefined ? {} : { seed: Number(TIDEMARK_MODEL_SEED) }),
      ...(TIDEMARK_MODEL_PATH === undefined ? {} : { path: TIDEMARK_MODEL_PATH }),
    })
  })
})

function onFile(open: typeof openFile): Subject {
  const path = join(folder, `${++files}.db`)
  return {
    persists: true,
    open: (options) => open({ path, durability: "process", pollInterval: 0, ...options }),
  }
}
