// A process that migrates the notes of the store given as its first argument, and prints a line
// after each portion.
import { writeSync } from "node:fs"
import { defineKinds, kind } from "@tidemark/core"
import { openStore } from "@tidemark/core/better-sqlite3"

const [path = ""] = process.argv.slice(2)
const notes = kind({ version: 2, upcast: { 1: (note) => ({ ...note, tags: [] }) } })
const store = openStore({ path, kinds: defineKinds({ notes }) })
await store.migrate({ onProgress: ({ migrated }) => writeSync(1, `${migrated}\n`) })
await store.close()
