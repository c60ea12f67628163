/** One value of a store, with the facts that the store keeps about it. */
export interface Entry<V = unknown> {
  readonly kind: string
  readonly key: string
  /** Frozen: an entry never changes, a newer one takes its place. */
  readonly value: V
  /** 1, 2, 3 … of this entry; +1 with each change. */
  readonly version: number
  /** The place of the entry's last change in the store's sequence. */
  readonly seq: number
  /** When that change was made, in milliseconds since the epoch. */
  readonly updatedAt: number
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

/** The entry of a row, or `undefined` when there is none to show. */
export function entryOf(row: Row | undefined): Entry | undefined {
  return row === undefined || row.deleted ? undefined : row
}
