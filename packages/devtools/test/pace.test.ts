import { describe, expect, it } from "vitest"
import { listKey } from "../src/list-key.ts"
import { Pace } from "../src/pace.ts"
import { readPreferences, writePreferences } from "../src/preferences.ts"

/** A clock that stands until it is moved. */
function standingTimer() {
  let now = 0
  let waiting: { at: number; call: () => void } | undefined
  return {
    now: () => now,
    after(ms: number, call: () => void) {
      waiting = { at: now + ms, call }
      return () => {
        waiting = undefined
      }
    },
    /** Time goes by; whose rest is over is woken. */
    pass(ms: number) {
      now += ms
      const due = waiting
      if (due === undefined || due.at > now) return
      waiting = undefined
      due.call()
    },
    get rest() {
      return waiting === undefined ? undefined : waiting.at - now
    },
  }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

describe("the pace of the panel's reading", () => {
  it("C4 reads at once, then rests nine times as long as that took", async () => {
    const timer = standingTimer()
    let reads = 0
    const pace = new Pace(async () => {
      reads++
      timer.pass(40)
    }, timer)
    pace.ask()
    await settled()
    expect(reads).toBe(1)
    expect(timer.rest).toBe(360)
    pace.ask()
    pace.ask()
    timer.pass(359)
    await settled()
    expect(reads).toBe(1)
    timer.pass(1)
    await settled()
    expect(reads).toBe(2)
  })

  it("C4 reads no more than it is asked to, and not at all after it is stopped", async () => {
    const timer = standingTimer()
    let reads = 0
    const pace = new Pace(async () => void reads++, timer)
    pace.ask()
    await settled()
    timer.pass(10_000)
    await settled()
    expect(reads).toBe(1)
    pace.stop()
    pace.ask()
    await settled()
    expect(reads).toBe(1)
  })
})

describe("the keys of a list", () => {
  const key = (name: string, active = 4, more = {}) =>
    listKey(
      { key: name, altKey: false, ctrlKey: false, metaKey: false, ...more },
      { active, count: 10, page: 5 },
    )

  it("C4 move by one, by a page, and to the ends, and stop there", () => {
    const to = (name: string, active?: number) => {
      const act = key(name, active)
      return act?.type === "move" ? act.to : undefined
    }
    expect([to("ArrowDown"), to("ArrowUp"), to("PageDown"), to("PageUp")]).toEqual([5, 3, 9, 0])
    expect([to("Home"), to("End"), to("ArrowDown", 9), to("ArrowUp", 0)]).toEqual([0, 9, 9, 0])
    expect([to("ArrowDown", -1), to("ArrowUp", -1)]).toEqual([0, 9])
  })

  it("C4 leave all other keys, and keys of the browser, alone", () => {
    expect(key("a")).toBeUndefined()
    expect(key("ArrowDown", 4, { metaKey: true })).toBeUndefined()
    expect(key("Enter", -1)).toBeUndefined()
  })
})

describe("what the panel remembers", () => {
  const fallback = { open: false, tab: "entries", height: 400 } as const
  const shelf = (text: string | null) => () => ({ getItem: () => text, setItem: () => {} })
  const forbidden = () => {
    throw new DOMException("no", "SecurityError")
  }

  it("C4 is read back as it was written", () => {
    let kept: string | null = null
    const one = () => ({
      getItem: () => kept,
      setItem: (_: string, text: string) => {
        kept = text
      },
    })
    writePreferences(one, "k", { open: true, tab: "events", height: 512 })
    expect(readPreferences(one, "k", fallback)).toEqual({ open: true, tab: "events", height: 512 })
  })

  it.each([[null], ["no json"], ["7"], ['{"open":"yes","tab":"nowhere","height":null}']])(
    "C4 is what it was told to begin with, where %s is kept",
    (text) => expect(readPreferences(shelf(text), "k", fallback)).toEqual(fallback),
  )

  it("C4 is nothing where storage is forbidden, without an error", () => {
    expect(readPreferences(forbidden, "k", fallback)).toEqual(fallback)
    expect(() => writePreferences(forbidden, "k", fallback)).not.toThrow()
  })
})
