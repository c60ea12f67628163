import { received, sent } from "./sent.ts"

/** Where the calls of an engine and their answers have facts, or hold what has. */
const HOLDERS = ["changes", "rows", "reset", "ops", "result", "results"]

/** A call of an engine, or an answer, as it crosses to another thread: a clone would lose the class of packed values. */
export function departing(message: unknown): unknown {
  return eachFact(message, sent)
}

/** What has crossed. */
export function arrived(message: unknown): unknown {
  return eachFact(message, received as (fact: object) => object)
}

/** Never looks into a value: there, names are the application's. */
function eachFact(message: unknown, convert: (fact: object) => object): unknown {
  if (typeof message !== "object" || message === null) return message
  if (Array.isArray(message)) return message.map((part) => eachFact(part, convert))
  const held = HOLDERS.filter((name) => Object.hasOwn(message, name))
  if (held.length === 0) return convert(message)
  const parts = message as Readonly<Record<string, unknown>>
  return Object.fromEntries([
    ...Object.entries(parts),
    ...held.map((name) => [name, eachFact(parts[name], convert)] as const),
  ])
}
