/**
 * What the system does for a database file besides SQLite. The entry points for files give it;
 * where there is none, as in memory or in a browser, SQLite does everything itself.
 */
export interface DatabaseFile {
  /** Makes what was committed so far survive a power cut, at once: for what opening finds. */
  syncAtOnce(): void
  /** Makes what was committed so far survive a power cut, without holding up the event loop. */
  sync(): Promise<void>
  /**
   * Calls back when something in the file's folder has changed, as a hint: it may come late, or
   * never, or for nothing. Does not keep the process alive. The result ends it.
   */
  watch(hint: () => void): () => void
  /** Whether the path no longer names the file that is open: it was removed, or another one put there. */
  isReplaced(): boolean
  /** Lets go of it. Not while a sync is under way. */
  close(): void
}
