import { kind, type Query, type Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import { type Case, type Scale, timed } from "../case.ts"
import { freshFile } from "../folder.ts"
import { type Task, task, taskKey, tasks } from "../task.ts"

/** The tasks of one owner by date, as a screen shows them. */
const QUERY: Query = { where: { owner: "owner-7" }, orderBy: "due", limit: 50 }

/** How often a list is asked for. */
const LISTS = 20

const indexes = [["owner", "due"]] as const

/** What a declared index gives and costs: the floor is the same store without it. */
export const indexingCases: readonly Case[] = [
  {
    ...facts("list of 50 by a declared index"),
    floor: (scale) => onTasks(scale, false, list),
    ours: (scale) => onTasks(scale, true, list),
  },
  {
    ...facts("count by a declared index"),
    floor: (scale) => onTasks(scale, false, count),
    ours: (scale) => onTasks(scale, true, count),
  },
  {
    ...facts("awaited single set of a kind with one index"),
    floor: (scale) => onTasks(scale, false, sets),
    ours: (scale) => onTasks(scale, true, sets),
  },
]

function facts(what: string) {
  return {
    what,
    floorName: "the same without the index",
    engine: "better-sqlite3",
    durability: "process",
    per: "operation",
  } as const
}

type Work = (store: Store, scale: Scale) => Promise<number>

async function onTasks(scale: Scale, isIndexed: boolean, work: Work): Promise<number> {
  const kinds = { tasks: kind<Task>(isIndexed ? { indexes } : {}) }
  const store = openStore({ path: freshFile(), durability: "process", kinds }) as Store
  await store.setMany("tasks", tasks(scale.rows))
  await work(store, scale)
  const ms = await work(store, scale)
  await store.close()
  return ms
}

async function list(store: Store): Promise<number> {
  let found = 0
  const ms = await timed(async () => {
    for (let n = 0; n < LISTS; n++) found += (await store.list("tasks", QUERY)).length
  })
  if (found === 0) throw new Error("Nothing was found")
  return ms / LISTS
}

async function count(store: Store): Promise<number> {
  let found = 0
  const ms = await timed(async () => {
    for (let n = 0; n < LISTS; n++)
      found += await store.count("tasks", { where: QUERY.where ?? {} })
  })
  if (found === 0) throw new Error("Nothing was counted")
  return ms / LISTS
}

/** Each set moves an entry to another place. */
async function sets(store: Store, { rows, sets }: Scale): Promise<number> {
  const round = store.position
  const ms = await timed(async () => {
    for (let n = 0; n < sets; n++) {
      await store.set("tasks", taskKey((n * 7_919) % rows), { ...task(n), due: round + n })
    }
  })
  return ms / sets
}
