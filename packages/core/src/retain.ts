import { equalValues } from "./equal.ts"

/**
 * A value with the parts of an earlier one that are equal: structurally the new value, but every
 * part that stands where it stood, and has not changed, is the very same object; where nothing
 * has, the whole earlier value. So who compares by identity draws only what changed. In a list,
 * what comes or goes does not count as a change of all that follows. Containers made for this
 * are frozen; given ones are left as they are.
 *
 * Arrays and plain objects have parts; anything else is the earlier one, if it has the same content.
 */
export function retain<T>(before: unknown, now: T): T {
  return retained(before, now) as T
}

function retained(before: unknown, now: unknown): unknown {
  if (Object.is(before, now)) return now
  if (Array.isArray(before) && Array.isArray(now)) return retainedItems(before, now)
  if (isPlain(before) && isPlain(now)) return retainedParts(before, now)
  return typeof now === "object" && equalValues(before, now) ? before : now
}

function retainedItems(before: readonly unknown[], now: readonly unknown[]): readonly unknown[] {
  const items = [...now]
  const shift = before.length - now.length
  const least = Math.min(before.length, now.length)
  let front = 0
  for (; front < least; front++) {
    items[front] = retained(before[front], now[front])
    if (!Object.is(items[front], before[front])) break
  }
  if (shift === 0 && front === now.length) return before
  let end = now.length
  if (shift !== 0) {
    while (
      end > front &&
      end + shift > front &&
      equalValues(before[end - 1 + shift], now[end - 1])
    ) {
      end--
      items[end] = before[end + shift]
    }
  }
  const last = Math.min(end, before.length)
  for (let index = front + 1; index < last; index++) {
    items[index] = retained(before[index], now[index])
  }
  return items.every((item, index) => Object.is(item, now[index])) ? now : Object.freeze(items)
}

function retainedParts(before: Plain, now: Plain): Plain {
  const names = Object.keys(now)
  let isBefore = names.length === Object.keys(before).length
  let parts: Record<string, unknown> | undefined
  for (const name of names) {
    if (!Object.hasOwn(before, name)) {
      isBefore = false
      continue
    }
    const part = retained(before[name], now[name])
    if (!Object.is(part, before[name])) isBefore = false
    if (Object.is(part, now[name])) continue
    parts ??= { ...now }
    parts[name] = part // An own `__proto__` is own here too, and is replaced as any other.
  }
  if (isBefore) return before
  return parts === undefined ? now : Object.freeze(parts)
}

type Plain = Readonly<Record<string, unknown>>

function isPlain(value: unknown): value is Plain {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    Object.getOwnPropertySymbols(value).length === 0
  )
}
