/** Longer names are cut where they are shown. */
const SHOWN_NAME = 300

/** A name of a kind, a key or a field on one line, with what cannot be seen written out. */
export function nameText(name: string): string {
  if (name === "") return "(empty)"
  const cut = name.length > SHOWN_NAME ? `${name.slice(0, SHOWN_NAME)}…` : name
  // Control and format characters (such as those that turn the direction of writing), but not the joiner of emoji.
  return cut.replace(/(?!\u200d)[\p{Cc}\p{Cf}\u2028\u2029]/gu, escaped)
}

/** A JSON value on one line, cut after about so many characters, however large it is. */
export function previewText(value: unknown, length: number): string {
  const parts: string[] = []
  let left = length
  const put = (text: string): void => {
    parts.push(text)
    left -= text.length
  }
  const visit = (part: unknown): void => {
    if (left <= 0) return
    if (typeof part === "string") put(JSON.stringify(part.slice(0, left)))
    else if (Array.isArray(part)) list("[", part.values(), "]", visit)
    else if (typeof part === "object" && part !== null) {
      list("{", Object.entries(part).values(), "}", ([name, child]) => {
        put(`${nameText(name)}: `)
        visit(child)
      })
    } else put(String(part))
  }
  const list = <T>(
    open: string,
    items: Iterator<T>,
    close: string,
    show: (item: T) => void,
  ): void => {
    put(open)
    let first = true
    for (let item = items.next(); !item.done && left > 0; item = items.next()) {
      if (!first) put(", ")
      first = false
      show(item.value)
    }
    put(close)
  }
  visit(value)
  const text = parts.join("")
  return left < 0 ? `${text.slice(0, length)}…` : text
}

/** A moment as a time of day with milliseconds. */
export function timeText(at: number): string {
  return isMoment(at) ? clockFormat.format(at) : String(at)
}

/** A moment as date and time. */
export function dateText(at: number): string {
  return isMoment(at) ? dateFormat.format(at) : String(at)
}

/** A moment for machines and for the curious. */
export function isoText(at: number): string {
  return isMoment(at) ? new Date(at).toISOString() : String(at)
}

/** A number with its thousands apart. */
export function numberText(count: number): string {
  return numberFormat.format(count)
}

const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" } as const
const clockFormat = new Intl.DateTimeFormat(undefined, { ...clock, fractionalSecondDigits: 3 })
const dateFormat = new Intl.DateTimeFormat(undefined, {
  ...clock,
  year: "numeric",
  month: "short",
  day: "numeric",
})
const numberFormat = new Intl.NumberFormat()

function escaped(char: string): string {
  if (char === "\n") return "\\n"
  if (char === "\t") return "\\t"
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
}

function isMoment(at: number): boolean {
  return Math.abs(at) <= 8.64e15
}
