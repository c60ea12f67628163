import type { Random } from "../random.ts"

const NAMES = ["a", "__proto__", "constructor", "prototype", "toString", "value", ""] as const
const TEXTS = [
  "",
  "tidemark:clients",
  "*",
  "\u0000",
  "\ud800",
  "<script>",
  "data: x\n\nid: 9",
] as const

/** Any JSON: small or large, flat or deep, with names that reach a prototype. */
export function garbage(random: Random, levels = 4): unknown {
  const kind = random.below(levels > 0 ? 9 : 5)
  if (kind === 0) return null
  if (kind === 1) return random.chance(0.5)
  if (kind === 2) return random.of([0, -1, 1.5, 1e308, 2 ** 53, -0])
  if (kind === 3) return random.of(TEXTS)
  if (kind === 4) return "x".repeat(random.chance(0.02) ? 200_000 : random.below(50))
  if (kind === 5) return deep(random.chance(0.1) ? 1_000 : random.below(150))
  const parts = Array.from({ length: random.below(4) }, () => garbage(random, levels - 1))
  if (kind === 6) return parts
  return parsed(parts.map((part) => [random.of(NAMES), part]))
}

/** The same with parts taken out, put in and exchanged for others. */
export function spoilt(random: Random, value: unknown): unknown {
  if (random.chance(0.05)) return garbage(random)
  if (Array.isArray(value)) {
    const items = value.map((item) => (random.chance(0.3) ? spoilt(random, item) : item))
    if (random.chance(0.05)) items.push(garbage(random))
    if (random.chance(0.02)) return Array.from({ length: 700 }, () => items[0])
    return items
  }
  if (typeof value !== "object" || value === null)
    return random.chance(0.1) ? garbage(random) : value
  const parts = Object.entries(value)
    .filter(() => !random.chance(0.03))
    .map(([name, part]) => [name, random.chance(0.3) ? spoilt(random, part) : part] as const)
  if (random.chance(0.1)) parts.push([random.of(NAMES), garbage(random, 2)])
  return parsed(parts)
}

/** As a parser makes it: every name is one of the object's own. */
function parsed(parts: readonly (readonly [string, unknown])[]): object {
  const made: object = {}
  for (const [name, value] of parts) {
    Object.defineProperty(made, name, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    })
  }
  return made
}

function deep(levels: number): unknown {
  let value: unknown = 1
  for (let level = 0; level < levels; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}
