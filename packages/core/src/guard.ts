import { isRecord } from "./equal.ts"

/**
 * Makes a value that was just decoded as unchangeable as the language allows: arrays, plain objects,
 * Dates, Maps and Sets refuse every change. Gives whether that is all of it; bytes, typed arrays and
 * instances of other classes stay changeable, and who keeps such a value must hand out copies.
 */
export function guard(value: unknown): boolean {
  return guarded(value, new Set())
}

function guarded(value: unknown, met: Set<object>): boolean {
  if (typeof value === "function") return false
  if (typeof value !== "object" || value === null || met.has(value)) return true
  met.add(value)
  let whole = true
  for (const part of partsOf(value)) whole = guarded(part, met) && whole
  const refused = refusedBy(value)
  if (refused === undefined) return false
  for (const [name, refusal] of refused) {
    if (!Reflect.defineProperty(value, name, refusal)) return false
  }
  Object.freeze(value)
  return whole
}

function partsOf(value: object): Iterable<unknown> {
  if (value instanceof Map) return [...value].flat()
  if (value instanceof Set) return value
  return Array.isArray(value) || isRecord(value) ? Object.values(value) : []
}

/** The methods that a value must refuse besides being frozen; `undefined` where that cannot be told. */
function refusedBy(value: object): Refusals | undefined {
  if (Array.isArray(value) || isRecord(value)) return []
  return REFUSED.get(Object.getPrototypeOf(value))
}

type Refusals = readonly (readonly [method: string, refusal: PropertyDescriptor])[]

const REFUSED: ReadonlyMap<unknown, Refusals> = new Map<unknown, Refusals>([
  [Map.prototype, refusals("Map", ["set", "delete", "clear"])],
  [Set.prototype, refusals("Set", ["add", "delete", "clear"])],
  [
    Date.prototype,
    refusals(
      "Date",
      Object.getOwnPropertyNames(Date.prototype).filter((name) => name.startsWith("set")),
    ),
  ],
])

function refusals(type: string, methods: readonly string[]): Refusals {
  const refuse = () => {
    // As writing to a frozen object does.
    throw new TypeError(
      `This ${type} belongs to the store and cannot be changed; make a copy of it`,
    )
  }
  return methods.map((name) => [name, { value: refuse }] as const)
}
