import { Unreadable } from "./unreadable.ts"

/**
 * The field of a value at a dotted path: `"address.city"`. Only own fields count, so that
 * `"constructor"` finds data or nothing. A name that itself has a dot is found when it stands alone.
 * A Date counts as its milliseconds, so that queries, which are JSON, can compare and order it.
 *
 * @throws StoreError when the value cannot be read.
 */
export function fieldOf(value: unknown, path: string): unknown {
  if (value instanceof Unreadable) throw value.error
  if (hasField(value, path)) {
    const field = value[path]
    return field instanceof Date ? field.getTime() : field
  }
  const dot = path.indexOf(".")
  if (dot < 0) return undefined
  const head = path.slice(0, dot)
  return hasField(value, head) ? fieldOf(value[head], path.slice(dot + 1)) : undefined
}

function hasField(value: unknown, name: string): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
}
