import { spawn } from "node:child_process"
import { once } from "node:events"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { openStore } from "@tidemark/core/better-sqlite3"
import Database from "better-sqlite3"
import { expect, it } from "vitest"
import { temporaryFolder } from "./folder.ts"

const folder = temporaryFolder()
const writer = fileURLToPath(new URL("writer.mjs", import.meta.url))

/** After how many acknowledged writes each process is killed. */
const kills = [1, 2, 3, 7, 20, 45, 90, 140, 200, 333]

it("Z12 every acknowledged write is there after kill -9", { timeout: 60_000 }, async () => {
  const path = join(folder, "killed.db")
  let before = 0
  for (const [round, patience] of kills.entries()) {
    const name = `r${round}-`
    const acknowledged = await writeUntilKilled(path, name, patience)
    expect(acknowledged.length).toBeGreaterThanOrEqual(patience)

    const store = openStore({ path })
    const values = await Promise.all(acknowledged.map((_, n) => store.get("u", `${name}${n}`)))
    expect(values.map((value) => (value as { n: number }).n)).toEqual(acknowledged.map((_, n) => n))
    expect(acknowledged).toEqual(acknowledged.map((_, n) => before + 1 + n))
    expect(store.position - (acknowledged.at(-1) ?? 0)).toBeOneOf([0, 1])
    before = store.position
    await store.close()
  }
  const database = new Database(path)
  expect(database.pragma("integrity_check", { simple: true })).toBe("ok")
  database.close()
})

/** Kills the writer once it has told of so many acknowledged writes; gives the seqs of all it told. */
async function writeUntilKilled(path: string, name: string, patience: number): Promise<number[]> {
  const child = spawn(process.execPath, [writer, path, name, "1000000", "process"])
  let output = ""
  let errors = ""
  child.stderr.on("data", (data) => {
    errors += data
  })
  child.stdout.on("data", (data) => {
    output += data
    if (output.split("\n").length > patience) child.kill("SIGKILL")
  })
  const [, signal] = await once(child, "close")
  expect({ signal, errors }).toEqual({ signal: "SIGKILL", errors: "" })
  // The last line may be half.
  return output.split("\n").slice(0, -1).map(Number)
}
