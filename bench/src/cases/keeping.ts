import type { Store } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"
import { type Case, type Scale, timed } from "../case.ts"
import { Floor } from "../floor.ts"
import { freshFile } from "../folder.ts"
import { task, taskKey, tasks } from "../task.ts"

const RAW = "one transaction, better-sqlite3"

/** What goes on beside reading and writing: others' changes, consumers, ends, the past, a dump. */
export const keepingCases: readonly Case[] = [
  {
    what: "changes of another process, until a watch has heard of the last",
    floorName: "SELECT and JSON.parse of the same rows, better-sqlite3",
    ...file("process", "whole"),
    floor: ({ burst }) =>
      onFloor((floor) => {
        writeAll(floor, burst)
        const read = "SELECT seq, value FROM log WHERE seq > 0 ORDER BY seq"
        return timed(() => {
          for (const { value } of floor.database.prepare(read).all() as { value: string }[])
            JSON.parse(value)
        })
      }),
    ours: hearOthers,
  },
  {
    what: "a change handled by a consumer that writes one entry",
    floorName: "three rows in a transaction, better-sqlite3",
    ...file("process", "operation"),
    floor: ({ sets }) =>
      onFloor(async (floor) => {
        const ms = await timed(() => {
          for (let n = 0; n < sets; n++) {
            floor.transaction(() => {
              floor.set("totals", taskKey(n), task(n))
              floor.set("positions", "totals", n)
            })
          }
        })
        return ms / sets
      }),
    ours: consume,
  },
  {
    what: "entries that end at once, deleted",
    floorName: RAW,
    ...file("process", "whole"),
    floor: ({ burst }) =>
      onFloor((floor) => {
        writeAll(floor, burst)
        return timed(() => writeAll(floor, burst)) // A tombstone is a row of the log, too.
      }),
    ours: expire,
  },
  {
    what: "nine of ten changes pruned, in small steps",
    floorName: "one DELETE, better-sqlite3",
    ...file("process", "whole"),
    floor: ({ rows }) =>
      onFloor((floor) => {
        for (let round = 0; round < 10; round++) writeAll(floor, rows / 10)
        const prune = "DELETE FROM log WHERE seq NOT IN (SELECT seq FROM kv)"
        return timed(() => floor.database.exec(prune))
      }),
    ours: prune,
  },
  {
    what: "a dump of all rows",
    floorName: "SELECT, JSON.parse and stringify, better-sqlite3",
    ...file("none", "whole"),
    floor: ({ rows }) =>
      onFloor((floor) => {
        writeAll(floor, rows)
        const every = "SELECT kv.kind, kv.key, log.value FROM kv JOIN log USING (seq)"
        return timed(() => {
          let length = 0
          for (const row of floor.database.prepare(every).iterate()) {
            const { value, ...names } = row as { value: string }
            length += JSON.stringify({ ...names, value: JSON.parse(value) as unknown }).length
          }
          if (length === 0) throw new Error("Nothing was dumped")
        })
      }),
    ours: ({ rows }) =>
      onStore(async (store) => {
        await store.setMany("tasks", tasks(rows))
        return timed(async () => {
          let lines = 0
          for await (const text of store.dump()) lines += text.length
          if (lines === 0) throw new Error("Nothing was dumped")
        })
      }),
  },
]

function file(
  durability: Case["durability"],
  per: Case["per"],
): Pick<Case, "engine" | "durability" | "per"> {
  return { engine: "better-sqlite3", durability, per }
}

async function hearOthers({ burst }: Scale): Promise<number> {
  const path = freshFile()
  const writer = openStore({ path, durability: "process" })
  const reader = openStore({ path, durability: "process" })
  let heard = 0
  let all = () => {}
  const done = new Promise<void>((resolve) => {
    all = resolve
  })
  const watch = reader.watch("tasks")
  watch.subscribe(() => {
    if (++heard === burst) all()
  })
  await writer.setMany("tasks", tasks(burst))
  // A store that only follows a file does not keep a process going.
  const awake = setInterval(() => {}, 1_000)
  const ms = await timed(() => done)
  clearInterval(awake)
  await reader.close()
  await writer.close()
  return ms
}

function consume({ sets }: Scale): Promise<number> {
  return onStore(async (store) => {
    await store.setMany("tasks", tasks(sets))
    const handled = Promise.withResolvers<void>()
    const ms = await timed(async () => {
      const consumer = store.consume(
        "totals",
        "tasks",
        ({ key, value }, tx) => tx.set("totals", key, value as object),
        { from: 0 },
      )
      consumer.lag.subscribe(() => {
        if (consumer.position > 0 && consumer.lag.get() === 0) handled.resolve()
      })
      await handled.promise
      await consumer.close()
    })
    if ((await store.count("totals")) !== sets) throw new Error("Not all were handled")
    return ms / sets
  })
}

function expire({ burst }: Scale): Promise<number> {
  let now = Date.now()
  const clock = { now: () => now, after: () => () => {} }
  return onStore(
    async (store) => {
      await store.setMany("tasks", tasks(burst), { ttl: 1_000 })
      now += 1_001
      return timed(async () => {
        if ((await store.purge()) !== burst) throw new Error("Not all have ended")
      })
    },
    { clock },
  )
}

function prune({ rows }: Scale): Promise<number> {
  // Nothing is pruned before it is measured.
  const retention = { changes: Number.POSITIVE_INFINITY }
  return onStore(
    async (store) => {
      for (let round = 0; round < 10; round++) {
        const changed = tasks(rows / 10).map(([key, value]) => [key, { ...value, round }] as const)
        await store.setMany("tasks", changed)
      }
      return timed(async () => {
        const { removed } = await store.prune({ changes: 0, versions: 1 })
        if (removed === 0) throw new Error("Nothing was pruned")
      })
    },
    { retention },
  )
}

async function onFloor(use: (floor: Floor) => Promise<number>): Promise<number> {
  const floor = new Floor(freshFile(), "process")
  try {
    return await use(floor)
  } finally {
    floor.close()
  }
}

async function onStore(
  use: (store: Store) => Promise<number>,
  options: Omit<Parameters<typeof openStore>[0], "path"> = {},
): Promise<number> {
  const store = openStore({ path: freshFile(), durability: "process", ...options })
  try {
    return await use(store)
  } finally {
    await store.close()
  }
}

function writeAll(floor: Floor, count: number): void {
  floor.transaction(() => {
    for (const [key, value] of tasks(count)) floor.set("tasks", key, value)
  })
}
