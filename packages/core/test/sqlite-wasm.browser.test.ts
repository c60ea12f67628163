import initSqlite from "@sqlite.org/sqlite-wasm"
import { openStoreOn } from "@tidemark/core/engine"
import { sqliteWasmEngine } from "@tidemark/core/sqlite-wasm"
import { storeContract } from "@tidemark/core/testing"
import { describe, it } from "vitest"

const sqlite = await initSqlite()
const engine = () => sqliteWasmEngine(() => new sqlite.oo1.DB(":memory:"), { storage: "memory" })

describe("Z12 the store contract on sqlite-wasm in a browser", () => {
  for (const { name, run } of storeContract) {
    it(name, () => run((options) => openStoreOn(engine(), options)))
  }
})
