import { readFile } from "node:fs/promises"
import path from "node:path"
import { describe, expect, it } from "vitest"
import { ensureBuild } from "../demo/ensure-build.ts"
import { built } from "../demo/folders.ts"

describe("the build for production", () => {
  it("takes along what the server runs, and none of the sources beside it", async () => {
    await ensureBuild()
    const route = path.join(built, "server/app/api/tidemark/route.js")
    const trace = await readFile(`${route}.nft.json`, "utf8")
    const { files } = JSON.parse(trace) as { files: string[] }
    expect(files.some((file) => file.includes("better-sqlite3"))).toBe(true)
    expect(files.filter((file) => /(?<!\.d)\.(tsx?|css|md)$/.test(file))).toEqual([])
  })
})
