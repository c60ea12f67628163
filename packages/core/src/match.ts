import type { Entry } from "./entry.ts"
import { equalValues } from "./equal.ts"
import { fieldOf } from "./field.ts"
import { compareJson, entryOrder } from "./order.ts"
import { type Comparison, cursorOf, isComparison, type Query, type Where } from "./query.ts"

/** A test of one entry. */
export type EntryTest = (entry: Entry) => boolean

/** The test that a query's `prefix`, `where` and `after` make. */
export function entryTest(query: Query): EntryTest {
  const { prefix, where } = query
  const passes = where === undefined ? undefined : valueTest(where)
  const isBehind = behindTest(query)
  if (prefix === undefined && passes === undefined && isBehind === undefined) return () => true
  return (entry) =>
    (prefix === undefined || entry.key.startsWith(prefix)) &&
    (passes === undefined || passes(entry.value)) &&
    (isBehind === undefined || isBehind(entry))
}

function behindTest(query: Query): EntryTest | undefined {
  const cursor = cursorOf(query)
  if (cursor === undefined) return undefined
  const order = entryOrder(query.orderBy, query.reverse)
  return (entry) => order(entry, cursor) > 0
}

type ValueTest = (value: unknown) => boolean

function valueTest(where: Where): ValueTest {
  const tests = Object.entries(where).map(([name, wanted]) => partTest(name, wanted))
  return (value) => tests.every((test) => test(value))
}

function partTest(name: string, wanted: unknown): ValueTest {
  if (name === "$not") {
    const test = valueTest(wanted as Where)
    return (value) => !test(value)
  }
  if (name === "$and" || name === "$or") {
    const tests = (wanted as readonly Where[]).map(valueTest)
    return name === "$and"
      ? (value) => tests.every((t) => t(value))
      : (value) => tests.some((t) => t(value))
  }
  const test = isComparison(wanted)
    ? comparisonTest(wanted)
    : (field: unknown) => equalValues(field, wanted)
  return (value) => test(fieldOf(value, name))
}

function comparisonTest(comparison: Comparison): ValueTest {
  const tests = Object.entries(comparison).map(([name, operand]) =>
    OPERATORS[name as keyof Comparison](operand),
  )
  return (field) => tests.every((test) => test(field))
}

const OPERATORS: Record<keyof Comparison, (operand: unknown) => ValueTest> = {
  $eq: (operand) => (field) => equalValues(field, operand),
  $ne: (operand) => (field) => !equalValues(field, operand),
  $gt: (operand) => (field) => comparable(field, operand) && compareJson(field, operand) > 0,
  $gte: (operand) => (field) => comparable(field, operand) && compareJson(field, operand) >= 0,
  $lt: (operand) => (field) => comparable(field, operand) && compareJson(field, operand) < 0,
  $lte: (operand) => (field) => comparable(field, operand) && compareJson(field, operand) <= 0,
  $in: (operand) => (field) =>
    (operand as readonly unknown[]).some((item) => equalValues(field, item)),
  $prefix: (operand) => (field) => typeof field === "string" && field.startsWith(String(operand)),
  $contains: (operand) => (field) =>
    typeof field === "string"
      ? field.includes(String(operand))
      : Array.isArray(field) && field.some((item) => equalValues(item, operand)),
}

/** Sizes are compared inside one type only: no text is above a number. */
function comparable(field: unknown, operand: unknown): boolean {
  return typeof field === typeof operand
}
