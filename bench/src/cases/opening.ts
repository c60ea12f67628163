import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { openStore } from "@tidemark/core/better-sqlite3"
import type { Case } from "../case.ts"
import { Floor } from "../floor.ts"
import { freshFile } from "../folder.ts"
import { taskKey, tasks } from "../task.ts"

/** A process that opens a file with all rows in it. */
export const openingCases: readonly Case[] = (["first value", "all rows"] as const).map(
  (until): Case => ({
    what: `cold open in a new process, to ${until === "all rows" ? "all rows" : "the first value"}`,
    floorName: "SELECT and JSON.parse, better-sqlite3",
    engine: "better-sqlite3",
    durability: "none",
    per: "whole",
    floor: async ({ rows }) => (await open("floor", await filledFloor(rows), rows))[until],
    ours: async ({ rows }) => (await open("ours", await filledStore(rows), rows))[until],
  }),
)

/** Milliseconds from the loading of the library on. */
interface Opened {
  readonly "first value": number
  readonly "all rows": number
}

const opener = fileURLToPath(new URL("../opener.ts", import.meta.url))
const files = new Map<string, string>()

async function open(side: "floor" | "ours", path: string, rows: number): Promise<Opened> {
  const flags = ["--experimental-strip-types", "--disable-warning=ExperimentalWarning"]
  const options = [...flags, opener, side, path, taskKey(rows - 1), String(rows)]
  const { stdout } = await promisify(execFile)(process.execPath, options)
  return JSON.parse(stdout) as Opened
}

async function filledFloor(rows: number): Promise<string> {
  const known = files.get(`floor ${rows}`)
  if (known !== undefined) return known
  const path = freshFile()
  const floor = new Floor(path, "process")
  floor.transaction(() => {
    for (const [key, value] of tasks(rows)) floor.set("tasks", key, value)
  })
  floor.close()
  files.set(`floor ${rows}`, path)
  return path
}

async function filledStore(rows: number): Promise<string> {
  const known = files.get(`ours ${rows}`)
  if (known !== undefined) return known
  const path = freshFile()
  const store = openStore({ path, durability: "process" })
  await store.setMany("tasks", tasks(rows))
  await store.close()
  files.set(`ours ${rows}`, path)
  return path
}
