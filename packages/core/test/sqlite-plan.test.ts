import Database from "better-sqlite3"
import { describe, expect, it } from "vitest"
import { HISTORY } from "../src/engines/sqlite/read.ts"
import { prepareTables } from "../src/engines/sqlite/tables.ts"

describe("what SQLite does for a read", () => {
  it("finds a history by its chain and not by reading the log", () => {
    const database = new Database(":memory:")
    prepareTables(database)
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${HISTORY}`).all("u", "a", 100)
    const steps = (plan as { detail: string }[]).map(({ detail }) => detail)
    expect(steps.filter((step) => step.startsWith("SCAN"))).toEqual(["SCAN h", "SCAN h"])
    expect(steps).toContain("SEARCH l USING INTEGER PRIMARY KEY (rowid=?)")
    database.close()
  })
})
