/**
 * The field of a JSON value at a dotted path: `"address.city"`. Only own fields count, so that
 * `"constructor"` finds data or nothing. A name that itself has a dot is found when it stands alone.
 */
export function fieldOf(value: unknown, path: string): unknown {
  if (hasField(value, path)) return value[path]
  const dot = path.indexOf(".")
  if (dot < 0) return undefined
  const head = path.slice(0, dot)
  return hasField(value, head) ? fieldOf(value[head], path.slice(dot + 1)) : undefined
}

function hasField(value: unknown, name: string): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
}
