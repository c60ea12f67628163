/**
 * What the system does for a database file besides SQLite. The entry points for files give it;
 * where there is none, as in memory or in a browser, SQLite does everything itself.
 */
export interface DatabaseFile {
  /** Makes what was committed so far survive a power cut, at once: for what opening finds. */
  syncAtOnce(): void
  /** Makes what was committed so far survive a power cut, without holding up the event loop. */
  sync(): Promise<void>
  /** Lets go of it. Not while a sync is under way. */
  close(): void
}
