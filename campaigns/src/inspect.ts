import type { Store } from "@tidemark/core"
import Database from "better-sqlite3"
import { Fault, type Ledger } from "./ledger.ts"

/** Takes into the ledger what a store has beyond it, and compares the store's entries with it. */
export async function follow(store: Store, ledger: Ledger): Promise<void> {
  const { seq, entries } = await store.snapshot()
  while (ledger.position < seq) {
    const limit = Math.min(1_000, seq - ledger.position)
    const changes = await store.changes({ after: ledger.position, limit })
    if (changes.length === 0) throw new Fault(`the log ends at ${ledger.position}, not at ${seq}`)
    for (const change of changes) ledger.take(change)
  }
  ledger.compare(entries)
}

/** Lets SQLite look for damage in a file. @throws Fault */
export function checkPages(path: string, how: "quick_check" | "integrity_check"): void {
  const database = new Database(path, { readonly: true })
  try {
    const found = database.pragma(how, { simple: true })
    if (found !== "ok") throw new Fault(`${how}: ${found}`)
  } finally {
    database.close()
  }
}
