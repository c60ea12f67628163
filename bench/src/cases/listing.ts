import type { Entry, Query, Store } from "@tidemark/core"
import { openStore as openFile } from "@tidemark/core/better-sqlite3"
import { openStore } from "@tidemark/core/memory"
import { type Case, type Scale, timed } from "../case.ts"
import { Floor } from "../floor.ts"
import { freshFile } from "../folder.ts"
import { type Task, task, taskKey, tasks } from "../task.ts"

/** What a screen shows: the open tasks by rank and date. */
const QUERY: Query = { where: { done: false }, orderBy: ["rank", { due: "desc" }], limit: 50 }

/** How far the page is that is not the first one. */
const OFFSET = 1_000

/** A screen of fifty rows, kept current while others of all rows are written. */
export const listingCases: readonly Case[] = [
  {
    what: "liveList over all rows after an update",
    floorName: "sorted row numbers by hand, with binary search",
    engine: "memory",
    durability: "none",
    per: "operation",
    floor: (scale) => sortedByHand(scale),
    ours: (scale) => liveList(openStore(), scale, QUERY),
  },
  {
    what: "liveList over all rows after an update",
    floorName: "liveList over a hundredth of the rows",
    engine: "memory",
    durability: "none",
    per: "operation",
    floor: (scale) => liveList(openStore(), { ...scale, rows: Math.ceil(scale.rows / 100) }, QUERY),
    ours: (scale) => liveList(openStore(), scale, QUERY),
  },
  {
    what: "liveList with an offset of 1,000 after an update",
    floorName: "sorted row numbers by hand, with binary search",
    engine: "memory",
    durability: "none",
    per: "operation",
    floor: (scale) => sortedByHand(scale, Math.min(OFFSET, scale.rows / 10)),
    ours: (scale) => {
      const offset = Math.min(OFFSET, scale.rows / 10)
      return liveList(openStore(), scale, { ...QUERY, offset })
    },
  },
  {
    what: "liveList behind a cursor after an update",
    floorName: "sorted row numbers by hand, with binary search",
    engine: "memory",
    durability: "none",
    per: "operation",
    floor: (scale) => sortedByHand(scale),
    ours: (scale) =>
      liveList(openStore(), scale, { ...QUERY, after: { key: "", value: { rank: 1 } } }),
  },
  {
    what: "liveList over all rows after an update",
    floorName: "an indexed SELECT again, better-sqlite3",
    engine: "better-sqlite3",
    durability: "process",
    per: "operation",
    floor: (scale) => selectAgain(scale),
    ours: (scale) => liveList(openFile({ path: freshFile(), durability: "process" }), scale, QUERY),
  },
]

/** The n-th update moves some open task to the front or back of the order. */
function moved(n: number, rows: number): { readonly key: string; readonly value: Task } {
  const which = (n * 7_919) % rows
  return {
    key: taskKey(which),
    value: { ...task(which), done: false, rank: n % 2 === 0 ? 0 : 9, due: 200_000 + n },
  }
}

async function liveList(store: Store, { rows, updates }: Scale, query: Query): Promise<number> {
  await store.setMany("tasks", tasks(rows))
  const live = store.liveList("tasks", query)
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
  expectSorted(shown.map(({ value }) => value as Task))
  await store.close()
  return ms / updates
}

/**
 * Moving numbers in a typed array is one copy of memory. An array of objects would be the obvious
 * floor, but is none: moving its items takes V8 ten times as long whenever its collector is at work.
 */
async function sortedByHand({ rows, updates }: Scale, offset = 0): Promise<number> {
  const keys = Array.from({ length: rows }, (_, n) => taskKey(n))
  const numberOf = new Map(keys.map((key, n) => [key, n] as const))
  const values = Array.from({ length: rows }, (_, n) => task(n))
  const order = (x: number, y: number) => {
    const [a, b] = [values[x] as Task, values[y] as Task]
    return a.rank - b.rank || b.due - a.due || x - y
  }
  const open = values.flatMap(({ done }, n) => (done ? [] : [n])).sort(order)
  const sorted = new Uint32Array(rows)
  sorted.set(open)
  let length = open.length
  const indexOf = (row: number) => {
    let [low, high] = [0, length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (order(sorted[middle] as number, row) < 0) low = middle + 1
      else high = middle
    }
    return low
  }
  let shown: Task[] = []
  const ms = await timed(() => {
    for (let n = 0; n < updates; n++) {
      const { key, value } = moved(n, rows)
      const row = numberOf.get(key) as number
      if (!values[row]?.done) {
        const index = indexOf(row)
        sorted.copyWithin(index, index + 1, length--)
      }
      values[row] = value
      if (!value.done) {
        const index = indexOf(row)
        sorted.copyWithin(index + 1, index, length++)
        sorted[index] = row
      }
      shown = Array.from(sorted.subarray(offset, offset + 50), (one) => values[one] as Task)
    }
  })
  expectSorted(shown)
  return ms / updates
}

async function selectAgain({ rows, updates }: Scale): Promise<number> {
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
  expectSorted(shown)
  return ms / updates
}

/** Both sides must have found the same kind of thing. */
function expectSorted(shown: readonly Task[]): void {
  const sorted = shown.every(
    (value, index) => index === 0 || !precedes(value, shown[index - 1] as Task),
  )
  if (shown.length === 0 || !sorted || shown.some(({ done }) => done))
    throw new Error("The list is wrong")
}

function precedes(a: Task, b: Task): boolean {
  return a.rank < b.rank || (a.rank === b.rank && a.due > b.due)
}
