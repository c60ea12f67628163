import type { Store, StoreOptions } from "@tidemark/core"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { openStoreOn } from "@tidemark/core/engine"
import { MemoryEngine, openStore as openMemory } from "@tidemark/core/memory"
import { answeringLater, type OpenStore, storeContract } from "@tidemark/core/testing"
import { describe, it } from "vitest"

const engines: Record<string, OpenStore> = {
  memory: openMemory,
  "memory, answering later": (options) => openStoreOn(answeringLater(new MemoryEngine()), options),
  "better-sqlite3 in memory": (options) => openFile({ path: ":memory:", ...options }),
}

describe.each(Object.entries(engines))(
  "G6 the store contract in a scope of a scope on %s",
  (_, open) => {
    for (const { name, run } of storeContract) {
      it(name, () => run((options) => openScope(open, options)))
    }
  },
)

/** A scope beside others; closing it closes its store too. */
async function openScope(open: OpenStore, options?: StoreOptions): Promise<Store> {
  const root = await open(options)
  const scope = root.scope("a/b", { keys: 1_000_000 }).scope("ü:%")
  scope.prune = ((retention) => root.prune(retention)) as typeof scope.prune // For the whole store only.
  const close = scope.close.bind(scope)
  let closing: Promise<void> | undefined
  scope.close = () => {
    closing ??= close().then(() => root.close())
    return closing
  }
  return scope
}
