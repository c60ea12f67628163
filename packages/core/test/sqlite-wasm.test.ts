import initSqlite from "@sqlite.org/sqlite-wasm"
import { openStoreOn } from "@tidemark/core/engine"
import { sqliteWasmEngine } from "@tidemark/core/sqlite-wasm"
import { storeContract } from "@tidemark/core/testing"
import { describe, expect, it } from "vitest"

const sqlite = await initSqlite()
const engine = () => sqliteWasmEngine(() => new sqlite.oo1.DB(":memory:"), { storage: "memory" })

describe("Z12 the store contract on sqlite-wasm in Node", () => {
  for (const { name, run } of storeContract) {
    it(name, () => run((options) => openStoreOn(engine(), options)))
  }
})

it("Z17 an error of sqlite-wasm becomes a StoreError by its result code", async () => {
  const broken = sqliteWasmEngine(() => new sqlite.oo1.DB("/missing/app.db", "r"), {
    storage: "memory",
  })
  expect(() => openStoreOn(broken)).toThrow(
    expect.objectContaining({
      code: "storage_unavailable",
      details: expect.objectContaining({ resultCode: 14 }),
    }),
  )
})
