// A process that opens the store given as its first argument, says so, and has nothing more to do.
import { writeSync } from "node:fs"
import { openStore } from "@tidemark/core/better-sqlite3"

openStore({ path: process.argv[2] ?? "" })
writeSync(1, "open\n")
