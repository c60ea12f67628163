import type { Kinds, Store } from "@tidemark/core"

/**
 * The position of what is stored. Another process that shares the file may have written what can be
 * read already, and what the store's own `position` follows a moment later.
 */
export async function headOf<K extends Kinds>(store: Pick<Store<K>, "snapshot">): Promise<number> {
  return (await store.snapshot([])).seq
}
