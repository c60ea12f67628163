import { Packed, samePacked } from "./packed.ts"

/** Whether two JSON values are structurally equal; the order of an object's names does not matter. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && equalArrays(a, b)
  }
  return equalRecords(a as Record<string, unknown>, b as Record<string, unknown>)
}

function equalArrays(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => equalJson(item, b[index]))
}

function equalRecords(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  return names.every((name) => Object.hasOwn(b, name) && equalJson(a[name], b[name]))
}

/** Whether two stored values are equal: JSON by its structure, packed ones by their bytes. */
export function equalValues(a: unknown, b: unknown): boolean {
  if (a instanceof Packed || b instanceof Packed) {
    return a instanceof Packed && b instanceof Packed && samePacked(a, b)
  }
  return equalJson(a, b)
}
