// A process that opens the store given as its argument, and prints the error or null.
import { openStore } from "@tidemark/core/better-sqlite3"

const path = process.argv[2]
if (path !== undefined) {
  try {
    await openStore({ path }).close()
    process.stdout.write("null")
  } catch (error) {
    process.stdout.write(JSON.stringify(error))
  }
}
