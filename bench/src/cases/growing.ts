import { openStore } from "@tidemark/core/better-sqlite3"
import Database from "better-sqlite3"
import { type Case, type Scale, timed } from "../case.ts"
import { freshFile } from "../folder.ts"
import { task, taskKey } from "../task.ts"

/** Changes in the log of the store that the large one is compared with. */
const SMALL = 10_000

/** What a store costs when its log has grown: the floor is the same store, small. */
export const growingCases: readonly Case[] = [
  {
    what: "awaited single set in a large log",
    floorName: "the same in a log of 10,000 rows",
    engine: "better-sqlite3",
    durability: "process",
    per: "operation",
    floor: (scale) => setsIn(SMALL, scale),
    ours: (scale) => setsIn(scale.logRows, scale),
  },
]

/** Files are filled once: it takes a while. */
const filled = new Map<number, Promise<string>>()

async function setsIn(logRows: number, { sets }: Scale): Promise<number> {
  const file = filled.get(logRows) ?? fill(logRows)
  filled.set(logRows, file)
  // Nothing is pruned: the background would be measured too.
  const retention = { changes: Number.POSITIVE_INFINITY }
  const store = openStore({ path: await file, durability: "process", retention })
  const set = async () => {
    for (let n = 0; n < sets; n++) await store.set("tasks", taskKey((n * 7_919) % SMALL), task(n))
  }
  await set() // The first round after a pause is another: the system's cache is cold.
  const time = await timed(set)
  await store.close()
  return time / sets
}

/** A file with so many changes of as many keys as the small one has, written by SQL alone. */
async function fill(logRows: number): Promise<string> {
  const path = freshFile()
  await openStore({ path, durability: "process" }).close()
  const database = new Database(path)
  database.pragma("synchronous = OFF")
  const row = `n, n, iif(n > ${SMALL}, 'update', 'create'), 'tasks',
    format('task-%07d', (n - 1) % ${SMALL}), (n - 1) / ${SMALL} + 1, n,
    iif(n > ${SMALL}, n - ${SMALL}, NULL)`
  database.exec(`
    BEGIN;
    WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < ${logRows})
    INSERT INTO log (seq, batch, type, kind, key, version, at, prev, value)
    SELECT ${row}, '${JSON.stringify(task(1))}' FROM c;
    INSERT INTO kv (kind, key, seq, deleted) SELECT 'tasks', key, max(seq), 0 FROM log GROUP BY key;
    COMMIT;
    PRAGMA wal_checkpoint(TRUNCATE)`)
  database.close()
  return path
}
