/**
 * What is kept under a name for the life of the process or the page; made at the first call. On
 * the global object, because the pages and routes of an application are separate bundles with
 * modules of their own, and in development a module is run again whenever it was edited.
 */
export function kept<T>(name: string, make: () => T): T {
  const all = globalThis as { [KEPT]?: Map<string, unknown> }
  all[KEPT] ??= new Map()
  const map = all[KEPT]
  if (!map.has(name)) map.set(name, make())
  return map.get(name) as T
}

/** Lets go of something, so that it is made again; not of what has taken its place meanwhile. */
export function letGo(name: string, of: unknown): void {
  const map = (globalThis as { [KEPT]?: Map<string, unknown> })[KEPT]
  if (map !== undefined && map.get(name) === of) map.delete(name)
}

const KEPT: unique symbol = Symbol.for("tidemark.kept") as never
