import type { Kinds } from "./kinds.ts"
import type { Reader, Watcher } from "./store.ts"
import type { Target } from "./target.ts"
import type { WatchOptions } from "./watch.ts"

/**
 * What can be read and followed of a store, and nothing more: not a cast, but an object that has
 * no way to write. Its type makes every reading method appear here.
 */
export function readonlyView<K extends Kinds>(
  store: Reader<K> & Watcher<K>,
): Reader<K> & Watcher<K> {
  const view: Reader<K> & Watcher<K> = {
    get: (kind, key) => store.get(kind, key),
    entry: (kind, key) => store.entry(kind, key),
    list: (kind, query) => store.list(kind, query),
    keys: (kind, query) => store.keys(kind, query),
    scan: (kind, query, options) => store.scan(kind, query, options),
    count: (kind, query) => store.count(kind, query),
    kinds: (prefix) => store.kinds(prefix),
    snapshot: (kinds) => store.snapshot(kinds),
    history: (kind, key, options) => store.history(kind, key, options),
    changes: (options) => store.changes(options),
    peek: (kind, key) => store.peek(kind, key),
    watch: ((target: Target, options?: WatchOptions) =>
      store.watch(target, options)) as Watcher<K>["watch"],
    live: (kind, key) => store.live(kind, key),
    liveEntry: (kind, key) => store.liveEntry(kind, key),
    liveList: (kind, query) => store.liveList(kind, query),
  }
  return Object.freeze(view)
}
