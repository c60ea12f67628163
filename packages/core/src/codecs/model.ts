import { StoreError } from "../errors.ts"
import { MAX_DEPTH, showPath } from "../json.ts"

/** What a format can carry besides null, booleans, numbers, text, arrays and plain objects. */
export type Extra = "undefined" | "bigint" | "Date" | "bytes" | "typed array" | "Map" | "Set"

/** The values that a format carries. */
export interface Model {
  /** The name of the format, for messages. */
  readonly format: string
  readonly extras: readonly Extra[]
  /** What is wrong with a text or a bigint that this format alone cannot carry. */
  readonly fault?: (value: string | bigint) => string | undefined
}

/**
 * A copy of a value that holds nothing but what the model has, so that the format's library never
 * sees anything it would alter. Names are in order, so that equal values give equal data; arrays
 * and plain objects are frozen. `__proto__` as a name is refused: assigned somewhere later, it
 * would be a prototype.
 *
 * A `tree` may not hold one object twice: data that refers back could otherwise be small, and
 * its value without end.
 *
 * @throws StoreError `invalid_value`, with `details.path` such as `address.lines[2]`.
 */
export function modelled(value: unknown, model: Model, shape: "any" | "tree" = "any"): unknown {
  const met = shape === "tree" ? new Set<object>() : undefined
  return copy(value, { model, path: [], open: new Set(), met })
}

interface Walk {
  readonly model: Model
  /** Where we are; an entry of a Map or a Set by its place. */
  readonly path: (string | number)[]
  /** The objects that enclose where we are. */
  readonly open: Set<object>
  /** The objects that were met so far, where none may come twice. */
  readonly met: Set<object> | undefined
}

function copy(value: unknown, walk: Walk): unknown {
  switch (typeof value) {
    case "boolean":
    case "number":
      return value
    case "string":
      return copyText(value, walk)
    case "bigint":
      allow("bigint", "a bigint", walk)
      return withoutFault(value, walk)
    case "undefined":
      return allow("undefined", "undefined", walk)
    case "object":
      return value === null ? null : copyObject(value, walk)
    default:
      throw refusal(walk, `a ${typeof value}`)
  }
}

function copyText(value: string, walk: Walk): string {
  if (!value.isWellFormed()) throw refusal(walk, "text with a lone surrogate")
  return withoutFault(value, walk)
}

function copyObject(value: object, walk: Walk): unknown {
  if (walk.open.has(value)) throw refusal(walk, "a cycle")
  if (walk.met?.has(value)) throw refusal(walk, "an object that stands elsewhere too")
  if (walk.open.size >= MAX_DEPTH) throw refusal(walk, `more than ${MAX_DEPTH} levels`)
  walk.met?.add(value)
  walk.open.add(value)
  const result = copyByClass(value, walk)
  walk.open.delete(value)
  return result
}

function copyByClass(value: object, walk: Walk): unknown {
  if (Array.isArray(value)) return copyArray(value, walk)
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null) return copyRecord(value, walk)
  switch (prototype) {
    case Date.prototype:
      return copyDate(value as Date, walk)
    case Map.prototype:
      allow("Map", "a Map", walk)
      return copyMap(value as Map<unknown, unknown>, walk)
    case Set.prototype:
      allow("Set", "a Set", walk)
      return new Set(copyArray([...(value as Set<unknown>)], walk))
    case Uint8Array.prototype:
      allow("bytes", "a Uint8Array", walk)
      return (value as Uint8Array).slice()
  }
  const above: unknown = Object.getPrototypeOf(prototype)
  if (above === TYPED_ARRAY) {
    allow("typed array", `a ${value.constructor.name}`, walk)
    return (value as Uint8Array).slice()
  }
  // An object of another realm (an iframe, a vm) has a foreign Object.prototype, whose own prototype is null.
  if (above === null) return copyRecord(value, walk)
  throw refusal(walk, `an instance of ${value.constructor?.name || "a class"}`)
}

/** What all typed arrays inherit from. */
const TYPED_ARRAY: unknown = Object.getPrototypeOf(Uint8Array.prototype)

function copyDate(value: Date, walk: Walk): Date {
  allow("Date", "a Date", walk)
  const time = value.getTime()
  if (Number.isNaN(time)) throw refusal(walk, "an invalid Date")
  return new Date(time)
}

function copyArray(value: readonly unknown[], walk: Walk): readonly unknown[] {
  const result: unknown[] = []
  for (let index = 0; index < value.length; index++) {
    // Before the walk goes on: a hole may be one of billions.
    if (!(index in value)) throw refusal(walk, "an array with a hole")
    result.push(copyPart(value[index], index, walk))
  }
  return Object.freeze(result)
}

function copyMap(value: ReadonlyMap<unknown, unknown>, walk: Walk): Map<unknown, unknown> {
  const result = new Map<unknown, unknown>()
  for (const [key, part] of value) {
    const place = result.size
    result.set(copyPart(key, place, walk), copyPart(part, place, walk))
  }
  return result
}

function copyRecord(value: object, walk: Walk): object {
  if (Object.getOwnPropertySymbols(value).length > 0) throw refusal(walk, "a symbol as a name")
  const result: Record<string, unknown> = {}
  for (const name of Object.keys(value).sort()) {
    if (name === "__proto__") throw refusal(walk, "the name __proto__")
    copyPart(name, name, walk)
    result[name] = copyPart((value as Record<string, unknown>)[name], name, walk)
  }
  return Object.freeze(result)
}

function copyPart(value: unknown, step: string | number, walk: Walk): unknown {
  walk.path.push(step)
  const result = copy(value, walk)
  walk.path.pop()
  return result
}

function allow(extra: Extra, what: string, walk: Walk): undefined {
  if (!walk.model.extras.includes(extra)) throw refusal(walk, what)
}

function withoutFault<T extends string | bigint>(value: T, walk: Walk): T {
  const fault = walk.model.fault?.(value)
  if (fault !== undefined) throw refusal(walk, fault)
  return value
}

function refusal({ model, path }: Walk, what: string): StoreError {
  const place = showPath(path)
  const where = place === "" ? "the value" : place
  return new StoreError(
    "invalid_value",
    `${where} is ${what}, which ${model.format} cannot carry`,
    {
      details: { path: place },
    },
  )
}
