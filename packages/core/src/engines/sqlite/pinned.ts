import type { SqliteConnection } from "./connection.ts"

/**
 * A connection that sees its database as of now for as long as it is open: a copy in small steps
 * that is made through it does not begin anew whenever somebody commits.
 */
export function pinned(connect: () => SqliteConnection): SqliteConnection {
  const connection = connect()
  try {
    connection.exec("BEGIN")
    connection.prepare("SELECT count(*) FROM meta").get() // The moment is that of the first read.
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}
