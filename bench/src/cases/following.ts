import type { Entry, Query, Store } from "@tidemark/core"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { openStore } from "@tidemark/core/memory"
import { type Case, timed } from "../case.ts"
import { Floor } from "../floor.ts"
import { freshFile } from "../folder.ts"
import { type Task, task, taskKey, tasks } from "../task.ts"

/** What a screen shows: the open tasks by rank and date. */
const QUERY: Query = { where: { done: false }, orderBy: ["rank", { due: "desc" }], limit: 50 }

/** One change on its way to who follows. */
export const followingCases: readonly Case[] = [
  {
    what: "one of many key subscribers notified by a set",
    floorName: "a Map of Sets",
    engine: "memory",
    durability: "none",
    per: "operation",
    floor: ({ subscribers, notices }) => notifyByHand(subscribers, notices),
    ours: ({ subscribers, notices }) => notify(subscribers, notices),
  },
  {
    what: "liveList over all rows after an update",
    floorName: "a sorted array by hand, with binary search",
    engine: "memory",
    durability: "none",
    per: "operation",
    floor: ({ rows, updates }) => sortedByHand(rows, updates),
    ours: ({ rows, updates }) => liveList(openStore(), rows, updates),
  },
  {
    what: "liveList over all rows after an update",
    floorName: "an indexed SELECT again, better-sqlite3",
    engine: "better-sqlite3",
    durability: "process",
    per: "operation",
    floor: ({ rows, updates }) => selectAgain(rows, updates),
    ours: ({ rows, updates }) =>
      liveList(openFile({ path: freshFile(), durability: "process" }), rows, updates),
  },
]

async function notifyByHand(subscribers: number, notices: number): Promise<number> {
  const values = new Map<string, unknown>()
  const listeners = new Map<string, Set<() => void>>()
  let told = 0
  for (let n = 0; n < subscribers; n++) listeners.set(taskKey(n), new Set([() => void told++]))
  const ms = await timed(() => {
    for (let n = 0; n < notices; n++) {
      const key = taskKey((n * 31) % subscribers)
      values.set(key, task(n))
      for (const listener of listeners.get(key) ?? []) listener()
    }
  })
  if (told !== notices) throw new Error("Not all were told")
  return ms / notices
}

async function notify(subscribers: number, notices: number): Promise<number> {
  const store = openStore()
  let told = 0
  for (let n = 0; n < subscribers; n++) store.live("tasks", taskKey(n)).subscribe(() => void told++)
  const ms = await timed(async () => {
    for (let n = 0; n < notices; n++)
      await store.set("tasks", taskKey((n * 31) % subscribers), task(n))
  })
  await store.close()
  if (told < notices) throw new Error("Not all were told")
  return ms / notices
}

/** The n-th update moves some open task to the front or back of the order. */
function moved(n: number, rows: number): { readonly key: string; readonly value: Task } {
  const which = (n * 7_919) % rows
  return {
    key: taskKey(which),
    value: { ...task(which), done: false, rank: n % 2 === 0 ? 0 : 9, due: 200_000 + n },
  }
}

async function liveList(store: Store, rows: number, updates: number): Promise<number> {
  await store.setMany("tasks", tasks(rows))
  const live = store.liveList("tasks", QUERY)
  live.subscribe(() => {})
  await live.ready
  let shown: readonly Entry[] = live.get()
  const ms = await timed(async () => {
    for (let n = 0; n < updates; n++) {
      const { key, value } = moved(n, rows)
      await store.set("tasks", key, value)
      shown = live.get()
    }
  })
  expectFront(shown.map(({ value }) => value as Task))
  await store.close()
  return ms / updates
}

async function sortedByHand(rows: number, updates: number): Promise<number> {
  type Held = readonly [string, Task]
  const order = ([k1, a]: Held, [k2, b]: Held) =>
    a.rank - b.rank || b.due - a.due || (k1 < k2 ? -1 : k1 > k2 ? 1 : 0)
  const values = new Map(tasks(rows))
  const sorted: Held[] = [...values].filter(([, { done }]) => !done).sort(order)
  const indexOf = (held: Held) => {
    let [low, high] = [0, sorted.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (order(sorted[middle] as Held, held) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
  let shown: readonly Held[] = []
  const ms = await timed(() => {
    for (let n = 0; n < updates; n++) {
      const { key, value } = moved(n, rows)
      const before = values.get(key)
      if (before !== undefined && !before.done) sorted.splice(indexOf([key, before]), 1)
      values.set(key, value)
      if (!value.done) sorted.splice(indexOf([key, value]), 0, [key, value])
      shown = sorted.slice(0, 50)
    }
  })
  expectFront(shown.map(([, value]) => value))
  return ms / updates
}

async function selectAgain(rows: number, updates: number): Promise<number> {
  const floor = new Floor(freshFile(), "process")
  floor.database.exec(`CREATE TABLE tasks (key TEXT PRIMARY KEY, done INTEGER, rank INTEGER, due INTEGER, value TEXT);
    CREATE INDEX shown ON tasks (done, rank, due DESC)`)
  const upsert = floor.database.prepare("INSERT OR REPLACE INTO tasks VALUES (?, ?, ?, ?, ?)")
  const write = (key: string, value: Task) =>
    upsert.run(key, value.done ? 1 : 0, value.rank, value.due, JSON.stringify(value))
  floor.transaction(() => {
    for (const [key, value] of tasks(rows)) write(key, value)
  })
  const select = floor.database.prepare(
    "SELECT key, value FROM tasks WHERE done = 0 ORDER BY rank, due DESC, key LIMIT 50",
  )
  let shown: Task[] = []
  const ms = await timed(() => {
    for (let n = 0; n < updates; n++) {
      const { key, value } = moved(n, rows)
      floor.transaction(() => void write(key, value))
      shown = (select.all() as { value: string }[]).map((found) => JSON.parse(found.value) as Task)
    }
  })
  floor.close()
  expectFront(shown)
  return ms / updates
}

/** Both sides must have found the same kind of thing. */
function expectFront(shown: readonly Task[]): void {
  const sorted = shown.every(
    (value, index) => index === 0 || !precedes(value, shown[index - 1] as Task),
  )
  if (shown.length === 0 || !sorted || shown.some(({ done }) => done))
    throw new Error("The list is wrong")
}

function precedes(a: Task, b: Task): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.due > b.due)
}
