// A process with nothing to do but one write, which waits for another connection to the file
// given as its first argument. Nothing here but the write keeps it from ending.
import { writeSync } from "node:fs"
import { openStore } from "@tidemark/core/better-sqlite3"
import Database from "better-sqlite3"

const path = process.argv[2] ?? ""
const store = openStore({ path, durability: "process" })
const other = new Database(path)
other.exec("BEGIN IMMEDIATE")
setTimeout(() => other.exec("COMMIT"), 50).unref()
const { seq } = await store.set("u", "a", 1)
writeSync(1, `${seq}\n`)
other.close()
await store.close()
