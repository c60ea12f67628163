import { StoreError } from "./errors.ts"

/** What JSON can carry. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json }

/** Nesting past this depth is refused: a parser on some other side would overflow its stack. */
export const MAX_DEPTH = 500

/**
 * A deeply frozen copy of a value, or a refusal that names the path of what JSON cannot carry:
 * `undefined`, functions, symbols, bigints, NaN and infinities, Dates and other class instances,
 * holes, cycles. Nothing is altered silently.
 *
 * @throws StoreError `invalid_value`, with `details.path` such as `address.lines[2]`, and with kind
 * and key where they are given.
 */
export function toJson(value: unknown, kind?: string, key?: string): Json {
  return copy(value, { kind, key, path: [], open: [] })
}

/** Whether JSON can carry a value, and give it back as it is. */
export function isJson(value: unknown): value is Json {
  try {
    toJson(value)
    return true
  } catch {
    return false
  }
}

/** A way into a value as text, such as `address.lines[2]`. */
export function showPath(path: readonly (string | number)[]): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`,
    "",
  )
}

/** Freezes a value that a JSON parser made, all the way down, and returns it. */
export function freezeJson<T>(value: T): T {
  if (typeof value === "object" && value !== null && !Object.isFrozen(value)) {
    for (const child of Object.values(value)) freezeJson(child)
    Object.freeze(value)
  }
  return value
}

interface Walk {
  readonly kind: string | undefined
  readonly key: string | undefined
  /** Where we are. */
  readonly path: (string | number)[]
  /** The objects that enclose where we are. */
  readonly open: object[]
}

function copy(value: unknown, walk: Walk): Json {
  switch (typeof value) {
    case "string":
    case "boolean":
      return value
    case "number":
      if (Number.isFinite(value)) return value
      throw refusal(walk, `${value}`)
    case "object":
      return value === null ? null : copyObject(value, walk)
    default:
      throw refusal(walk, value === undefined ? "undefined" : `a ${typeof value}`)
  }
}

function copyObject(value: object, walk: Walk): Json {
  if (walk.open.includes(value)) throw refusal(walk, "a cycle")
  if (walk.open.length >= MAX_DEPTH) throw refusal(walk, `more than ${MAX_DEPTH} levels`)
  walk.open.push(value)
  const result = Array.isArray(value) ? copyArray(value, walk) : copyRecord(value, walk)
  walk.open.pop()
  return Object.freeze(result)
}

function copyArray(value: readonly unknown[], walk: Walk): Json[] {
  const result: Json[] = []
  for (let index = 0; index < value.length; index++) {
    walk.path.push(index)
    result.push(copy(value[index], walk))
    walk.path.pop()
  }
  return result
}

function copyRecord(value: object, walk: Walk): Record<string, Json> {
  const prototype: unknown = Object.getPrototypeOf(value)
  // An object of another realm (an iframe, a vm) has a foreign Object.prototype, whose own prototype is null.
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
    throw refusal(walk, `an instance of ${value.constructor?.name || "a class"}`)
  }
  if (Object.getOwnPropertySymbols(value).length > 0) throw refusal(walk, "a symbol as a name")
  const result: Record<string, Json> = {}
  for (const name of Object.keys(value)) {
    walk.path.push(name)
    const json = copy((value as Record<string, unknown>)[name], walk)
    // Assigning to `__proto__` would set the prototype and lose the value.
    if (name === "__proto__") Object.defineProperty(result, name, { value: json, enumerable: true })
    else result[name] = json
    walk.path.pop()
  }
  return result
}

function refusal({ kind, key, path: steps }: Walk, what: string): StoreError {
  const path = showPath(steps)
  const entry = kind === undefined ? "" : `${kind}/${key}: `
  const where = path === "" ? "the value" : path
  return new StoreError("invalid_value", `${entry}${where} is ${what}, which JSON cannot carry`, {
    details: kind === undefined ? { path } : { kind, key, path },
    hint: "Store plain objects, arrays, strings, finite numbers, booleans and null; leave absent fields out",
  })
}
