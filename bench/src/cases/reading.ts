import type { Store } from "@tidemark/core"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { openStore as openMemory } from "@tidemark/core/memory"
import { type Case, timed } from "../case.ts"
import { Floor } from "../floor.ts"
import { freshFile } from "../folder.ts"
import { task, taskKey, tasks } from "../task.ts"

/** How many entries are read again and again. */
const HOT = 100

/** Hot reads: by the engine's word, and by what this process knows. */
export const readingCases: readonly Case[] = [
  {
    what: "hot get",
    floorName: "SELECT and JSON.parse, better-sqlite3",
    engine: "better-sqlite3",
    durability: "none",
    per: "operation",
    floor: ({ gets }) => selects(gets),
    ours: ({ gets }) => hotGets(openFile({ path: freshFile(), durability: "process" }), gets),
  },
  {
    what: "hot get",
    floorName: "Map.get",
    engine: "memory",
    durability: "none",
    per: "operation",
    floor: ({ gets }) => mapGets(gets),
    ours: ({ gets }) => hotGets(openMemory(), gets),
  },
  {
    what: "hot peek",
    floorName: "Map.get",
    engine: "better-sqlite3",
    durability: "none",
    per: "operation",
    floor: ({ gets }) => mapGets(gets),
    ours: ({ gets }) => hotPeeks(openFile({ path: freshFile(), durability: "process" }), gets),
  },
]

const keys = Array.from({ length: HOT }, (_, n) => taskKey(n))
const keyOf = (n: number) => keys[n % HOT] as string

async function selects(gets: number): Promise<number> {
  const floor = new Floor(freshFile(), "process")
  floor.transaction(() => {
    for (let n = 0; n < HOT; n++) floor.set("tasks", taskKey(n), task(n))
  })
  const select = floor.database.prepare(
    "SELECT value FROM log WHERE seq = (SELECT seq FROM kv WHERE kind = ? AND key = ?)",
  )
  const read = (count: number) => {
    let found = 0
    for (let n = 0; n < count; n++) {
      const { value } = select.get("tasks", keyOf(n)) as { value: string }
      if (JSON.parse(value) !== undefined) found++
    }
    expectAll(found, count)
  }
  read(HOT)
  const ms = await timed(() => read(gets))
  floor.close()
  return ms / gets
}

async function mapGets(gets: number): Promise<number> {
  const map = new Map(tasks(HOT))
  const read = (count: number) => {
    let found = 0
    for (let n = 0; n < count; n++) if (map.get(keyOf(n)) !== undefined) found++
    expectAll(found, count)
  }
  read(HOT)
  return (await timed(() => read(gets))) / gets
}

async function hotGets(store: Store, gets: number): Promise<number> {
  await store.setMany("tasks", tasks(HOT))
  const read = async (count: number) => {
    let found = 0
    for (let n = 0; n < count; n++) if ((await store.get("tasks", keyOf(n))) !== undefined) found++
    expectAll(found, count)
  }
  await read(HOT)
  const ms = await timed(() => read(gets))
  await store.close()
  return ms / gets
}

async function hotPeeks(store: Store, gets: number): Promise<number> {
  await store.setMany("tasks", tasks(HOT))
  const read = (count: number) => {
    let found = 0
    for (let n = 0; n < count; n++) if (store.peek("tasks", keyOf(n)) !== undefined) found++
    expectAll(found, count)
  }
  read(HOT)
  const ms = await timed(() => read(gets))
  await store.close()
  return ms / gets
}

/** Uses what was read, so that no engine may leave the reading out. */
function expectAll(found: number, count: number): void {
  if (found !== count) throw new Error(`Only ${found} of ${count} were found`)
}
