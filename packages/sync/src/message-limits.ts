import { StoreError } from "@tidemark/core"
import { MOST_LEVELS } from "./follow.ts"
import type { Limits } from "./limits.ts"
import type { Mutate, Mutation } from "./message.ts"

/**
 * Checks what stands around the values of a message: no name that could reach a prototype, and no
 * more levels than a message has.
 *
 * @throws StoreError `invalid_value`: who sends such a message speaks no protocol of ours.
 */
export function checkFrame(data: unknown): void {
  const bounds = { depth: FRAME_DEPTH, values: Number.POSITIVE_INFINITY, prototypeNames: false }
  const error = faultIn([data], bounds, "value")
  if (error !== undefined) throw error
}

/** @throws StoreError `quota_exceeded` for a message with more mutations than it may have. */
export function checkNumber({ mutations }: Mutate, limits: Limits): void {
  if (mutations.length <= limits.mutations) return
  const what = `A message may have ${limits.mutations} mutations`
  throw tooMuch(what, "mutations", limits.mutations)
}

/**
 * Checks a mutation against the limits. What is refused here is refused for good, as everything
 * that an authority does not accept, so that it holds up no other write of its client.
 *
 * @throws StoreError `quota_exceeded`, or `invalid_value` for a name that could reach a prototype.
 */
export function checkMutation(
  { ops, expect = [] }: Mutation,
  limits: Limits,
  prototypeNames: boolean,
): void {
  if (ops.length + expect.length > limits.ops) {
    throw tooMuch(`A mutation may have ${limits.ops} ops and expectations`, "ops", limits.ops)
  }
  const { depth, values: most } = limits
  const isBounded = depth < Number.POSITIVE_INFINITY || most < Number.POSITIVE_INFINITY
  if (!isBounded && prototypeNames) return
  const values = ops.flatMap(valuesOf)
  const error = faultIn(values, { ...limits, prototypeNames })
  if (error !== undefined) throw error
}

/** What an op sets, and what its writer had seen. */
function valuesOf(op: Mutation["ops"][number]): readonly unknown[] {
  if (op.type !== "set") return []
  const own = "value" in op ? [op.value] : []
  return op.over !== undefined && "value" in op.over ? [...own, op.over.value] : own
}

/** Levels of a message without its values. An ask has the most: itself, its questions, one, the read, a query, and a condition. */
const FRAME_DEPTH = MOST_LEVELS + 6

interface Bounds extends Pick<Limits, "depth" | "values"> {
  /** Whether names that reach a prototype are accepted. */
  readonly prototypeNames: boolean
}

/** Looks at values and at everything inside, and into nothing under one name; never calls itself. */
function faultIn(
  values: readonly unknown[],
  limits: Bounds,
  except?: string,
): StoreError | undefined {
  let seen = 0
  let level = values
  // What a codec has read may lead back to itself; where values are counted, that ends.
  const known = limits.values < Number.POSITIVE_INFINITY ? undefined : new Set<unknown>()
  for (let depth = 0; level.length > 0; depth++) {
    const below: unknown[] = []
    for (const value of level) {
      if (++seen > limits.values) {
        return tooMuch(`A mutation may have ${limits.values} values`, "values", limits.values)
      }
      if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) continue
      if (known?.has(value)) continue
      known?.add(value)
      if (depth >= limits.depth) {
        return tooMuch(`A value may have ${limits.depth} levels`, "depth", limits.depth)
      }
      if (Array.isArray(value) || value instanceof Set) {
        for (const item of value) below.push(item)
        continue
      }
      if (value instanceof Map) {
        for (const [key, item] of value) below.push(key, item)
        continue
      }
      for (const name of Object.keys(value)) {
        const inner: unknown = (value as Readonly<Record<string, unknown>>)[name]
        if (!limits.prototypeNames && reachesPrototype(name, inner)) return prototypeName(name)
        if (name !== except) below.push(inner)
      }
    }
    level = below
  }
  return undefined
}

/** Whether code that copies names without care would reach a prototype by this one. */
function reachesPrototype(name: string, value: unknown): boolean {
  if (name === "__proto__") return true
  return (
    name === "constructor" &&
    typeof value === "object" &&
    value !== null &&
    Object.hasOwn(value, "prototype")
  )
}

function prototypeName(name: string): StoreError {
  return new StoreError("invalid_value", `A value has the name ${name}, which is not accepted`, {
    details: { name },
    hint: "Store such names as data, in a list of pairs",
  })
}

function tooMuch(message: string, name: keyof Limits, limit: number): StoreError {
  return new StoreError("quota_exceeded", message, {
    details: { name, limit },
    hint: "Write less at once",
  })
}
