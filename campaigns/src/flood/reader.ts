// A process that reads a flood of changes by slow work, in its own small memory, while half of them
// are still being written. It prints what it has seen, and the most memory that was in use.
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import path from "node:path"
import { setImmediate as turn } from "node:timers/promises"
import { openStore } from "@tidemark/core/better-sqlite3"
import { changes$, inTurn } from "@tidemark/rxjs"
import { concatMap, count, lastValueFrom, take } from "rxjs"
import { showProgress } from "../progress.ts"
import type { Flood } from "./campaign.ts"

/** So many changes are one batch. */
const BATCH = 1_000
/** So many changes are read between two measurements. */
const MEASURED = 10_000

const total = Number(process.argv[2])
const operator = process.argv[3] === "concatMap" ? concatMap : inTurn
const { gc } = globalThis
if (gc === undefined) throw new Error("Run it with --expose-gc")

const folder = mkdtempSync(path.join(tmpdir(), "tidemark-flood-"))
try {
  const store = openStore({
    path: path.join(folder, "flood.db"),
    retention: { changes: Number.POSITIVE_INFINITY },
  })
  let written = 0
  const writeUntil = async (end: number) => {
    while (written < end) {
      const batch = Array.from({ length: BATCH }, (_, n) => {
        return [`key ${BATCH + n}`, { number: ++written, text: "spray" }] as const
      })
      await store.setMany("waves", batch)
    }
  }
  await writeUntil(total / 2)

  let seen = 0
  let inOrder = true
  let peak = 0
  const read = changes$(store, "waves", { from: 0 }).pipe(
    take(total),
    operator(async ({ value }) => {
      if ((value as { number: number }).number !== ++seen) inOrder = false
      if (seen % MEASURED === 0) {
        gc()
        peak = Math.max(peak, process.memoryUsage().heapUsed)
        showProgress(`${seen} of ${total} changes, ${Math.round(peak / 2 ** 20)} MB at most`)
      }
      // Slower than the store, which reads many of them in a turn.
      await turn()
    }),
    count(),
  )
  const [told] = await Promise.all([lastValueFrom(read), writeUntil(total)])
  await store.close()
  process.stdout.write(JSON.stringify({ written, told, inOrder, peak } satisfies Flood))
} finally {
  rmSync(folder, { recursive: true })
}
