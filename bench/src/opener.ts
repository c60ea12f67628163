// Opens a file with or without Tidemark and prints the milliseconds to its first value and to all.
const [side, path = "", key = "", rows] = process.argv.slice(2)
const start = performance.now()
const { first, all } = side === "ours" ? await openOurs() : await openFloor()

const value = await first()
const firstAt = performance.now()
const count = await all()
const allAt = performance.now()
if (value === undefined || count !== Number(rows))
  throw new Error(`Found ${count} rows, not ${rows}`)
process.stdout.write(JSON.stringify({ "first value": firstAt - start, "all rows": allAt - start }))

async function openOurs() {
  const { openStore } = await import("@tidemark/core/better-sqlite3")
  const store = openStore({ path })
  return {
    first: () => store.get("tasks", key),
    all: async () => (await store.list("tasks")).length,
  }
}

async function openFloor() {
  const { Floor } = await import("./floor.ts")
  const { database } = new Floor(path, "full")
  return {
    first() {
      const one =
        "SELECT value FROM log WHERE seq = (SELECT seq FROM kv WHERE kind = ? AND key = ?)"
      const found = database.prepare(one).get("tasks", key) as { value: string } | undefined
      return found && JSON.parse(found.value)
    },
    all() {
      const every = database.prepare(
        "SELECT kv.key, log.value FROM kv JOIN log USING (seq) WHERE kv.kind = ? ORDER BY kv.key",
      )
      const found = every.all("tasks") as { key: string; value: string }[]
      return found.map((row) => ({ key: row.key, value: JSON.parse(row.value) as unknown })).length
    },
  }
}
