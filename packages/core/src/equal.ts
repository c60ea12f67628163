import { Packed, samePacked } from "./packed.ts"

/**
 * Whether two values have the same content: objects whatever the order of their names, arrays, Maps
 * and Sets in their order, Dates, bytes and typed arrays, packed values byte for byte. Instances of
 * other classes are compared by identity, because what makes them equal is theirs to say.
 */
export function equalValues(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return Number.isNaN(a) && Number.isNaN(b)
  }
  if (Array.isArray(a)) return Array.isArray(b) && equalItems(a, b)
  if (isRecord(a)) return isRecord(b) && equalRecords(a, b)
  return Object.getPrototypeOf(a) === Object.getPrototypeOf(b) && equalInstances(a, b)
}

/** Whether an object is a plain one: made by a literal, here or in another realm, or without a prototype. */
export function isRecord(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === Object.prototype || prototype === null) return true
  return Object.getPrototypeOf(prototype) === null
}

function equalItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => equalValues(item, b[index]))
}

function equalRecords(a: Record<string, unknown>, b: Record<string, unknown>): boolean {
  const names = Object.keys(a)
  if (names.length !== Object.keys(b).length) return false
  return names.every((name) => Object.hasOwn(b, name) && equalValues(a[name], b[name]))
}

/** Of one class. */
function equalInstances(a: object, b: object): boolean {
  if (a instanceof Packed) return samePacked(a, b as Packed)
  if (a instanceof Date) return Object.is(a.getTime(), (b as Date).getTime())
  if (a instanceof Map)
    return a.size === (b as typeof a).size && equalItems([...a], [...(b as typeof a)])
  if (a instanceof Set)
    return a.size === (b as typeof a).size && equalItems([...a], [...(b as typeof a)])
  if (ArrayBuffer.isView(a)) return equalBytes(bytesOf(a), bytesOf(b as ArrayBufferView))
  if (a instanceof ArrayBuffer)
    return equalBytes(new Uint8Array(a), new Uint8Array(b as ArrayBuffer))
  return false
}

function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength)
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, index) => byte === b[index])
}
