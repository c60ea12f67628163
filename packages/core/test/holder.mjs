// A process that keeps the database given as its first argument from all other writers, says so
// on a line, and lets go when its input ends.
import { writeSync } from "node:fs"
import Database from "better-sqlite3"

const database = new Database(process.argv[2])
database.exec("BEGIN IMMEDIATE")
writeSync(1, "held\n")
process.stdin.resume()
process.stdin.once("end", () => {
  database.exec("COMMIT")
  database.close()
})
