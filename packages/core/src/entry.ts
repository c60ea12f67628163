/** The name of an entry. */
export interface EntryName {
  readonly kind: string
  readonly key: string
}

/** One value of a store, with the facts that the store keeps about it. */
export interface Entry<V = unknown> extends EntryName {
  /** Frozen: an entry never changes, a newer one takes its place. */
  readonly value: V
  /** 1, 2, 3 … of this entry; +1 with each change. */
  readonly version: number
  /** The place of the entry's last change in the store's sequence. */
  readonly seq: number
  /** When that change was made, in milliseconds since the epoch. */
  readonly updatedAt: number
  /** When the entry ends, in milliseconds since the epoch: from then on nobody sees it. */
  readonly expiresAt?: number
  /** Set while the newest write of this entry is still on its way to the authority. */
  readonly pending?: true
}

/**
 * What an engine knows of a key: its entry, or the tombstone that keeps the version of a
 * deleted one. A tombstone's `value` is the value that was deleted.
 */
export interface Row extends Entry {
  readonly deleted?: true
}

/** Whether a row holds an entry that can be seen at a time: neither deleted nor expired. */
export function isPresent(row: Row | undefined, now: number): row is Row {
  return row !== undefined && !row.deleted && !isExpired(row, now)
}

/** Whether an entry has ended: at its `expiresAt` it is gone already. */
export function isExpired({ expiresAt }: Row, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now
}

/** The entry of a row, or `undefined` when there is none to show. */
export function entryOf(row: Row | undefined, now: number): Entry | undefined {
  return isPresent(row, now) ? row : undefined
}
