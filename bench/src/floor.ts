import Database from "better-sqlite3"

/**
 * The least that keeps entries and their changes in SQLite: better-sqlite3 alone, with the same
 * two tables and pragmas as Tidemark's engine and prepared statements. It reads nothing before
 * it writes, so it knows no versions and no unchanged writes, and nobody hears of them.
 */
export class Floor {
  readonly database: Database.Database
  readonly #log: Database.Statement
  readonly #kv: Database.Statement
  #seq = 0

  constructor(path: string, durability: "full" | "process") {
    this.database = new Database(path)
    this.database.pragma("journal_mode = WAL")
    this.database.pragma(`synchronous = ${durability === "full" ? "FULL" : "NORMAL"}`)
    this.database.exec(TABLES)
    this.#log = this.database.prepare("INSERT INTO log VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    this.#kv = this.database.prepare(
      "INSERT INTO kv VALUES (?, ?, ?, 0) ON CONFLICT DO UPDATE SET seq = excluded.seq",
    )
  }

  /** Writes one entry; in a transaction when the caller has begun one. */
  set(kind: string, key: string, value: unknown): void {
    const seq = ++this.#seq
    const text = JSON.stringify(value)
    this.#log.run(seq, seq, "create", kind, key, 1, Date.now(), null, null, null, text)
    this.#kv.run(kind, key, seq)
  }

  /** Runs writes in one transaction. */
  transaction(writes: () => void): void {
    this.database.exec("BEGIN IMMEDIATE")
    writes()
    this.database.exec("COMMIT")
  }

  close(): void {
    this.database.close()
  }
}

const TABLES = `
  CREATE TABLE IF NOT EXISTS log (
    seq INTEGER PRIMARY KEY, batch INTEGER NOT NULL, type TEXT NOT NULL, kind TEXT NOT NULL,
    key TEXT NOT NULL, version INTEGER NOT NULL, at INTEGER NOT NULL, prev INTEGER, cause TEXT,
    origin TEXT, value TEXT NOT NULL
  );
  CREATE TABLE IF NOT EXISTS kv (
    kind TEXT NOT NULL, key TEXT NOT NULL, seq INTEGER NOT NULL, deleted INTEGER NOT NULL,
    PRIMARY KEY (kind, key)
  ) WITHOUT ROWID;
`
