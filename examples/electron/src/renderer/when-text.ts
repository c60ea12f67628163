const time = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" })
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" })
const date = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" })

/** When something was, as short as it can be told: the time today, the day this year, else the date. */
export function whenText(at: number, now: number): string {
  const then = new Date(at)
  const today = new Date(now)
  if (then.toDateString() === today.toDateString()) return time.format(then)
  return (then.getFullYear() === today.getFullYear() ? day : date).format(then)
}
