import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { openStore } from "@tidemark/core/better-sqlite3"
import { storeContract } from "@tidemark/core/testing"
import { beforeAll, describe, expect, it } from "vitest"
import { findBun, runInBun } from "./bun.ts"
import { fileCases } from "./file-cases.ts"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
const bun = findBun()
const title =
  bun === undefined
    ? `S7 bun:sqlite (the package bun has no program for ${process.platform}-${process.arch})`
    : "S7 bun:sqlite in a real Bun"

const parts = {
  "on a file": storeContract,
  "in memory": storeContract,
  files: fileCases,
}

describe.skipIf(bun === undefined)(title, () => {
  let ran: Awaited<ReturnType<typeof runInBun>>
  beforeAll(async () => {
    const runner = fileURLToPath(new URL("bun-runner.ts", import.meta.url))
    if (bun !== undefined) ran = await runInBun(bun, runner, [folder])
  }, 90_000)

  it("S7 the runtime is Bun, and it ran every case once, without a word of complaint", () => {
    const cases = Object.values(parts).flat()
    expect(ran.trouble).toBe("")
    expect(ran.reports).toHaveLength(cases.length + 1)
    expect(ran.reports[0]).toEqual({ part: "runtime", name: `bun ${bun?.version}` })
  })

  it("S7 a file that Bun has written goes on in Node", async () => {
    const store = openStore({ path: join(folder, "left.db") })
    const set = await store.set("u", "a", { by: "node", n: 2 })
    expect(set).toEqual({ outcome: "updated", version: 2, seq: 2 })
    const values = (await store.history("u", "a")).map(({ value }) => value)
    expect(values).toEqual([
      { by: "node", n: 2 },
      { by: "bun", n: 1.5 },
    ])
    await store.close()
  })

  describe.each(Object.entries(parts))("Z12 the cases %s", (part, cases) => {
    it.each(cases.map(({ name }) => name))("%s", (name) => {
      const report = ran.reports.find((other) => other.part === part && other.name === name)
      if (report === undefined) throw new Error(`Did not come to its end. ${ran.trouble}`)
      if (report.error !== undefined) throw new Error(report.error)
    })
  })
})
