import { StoreError } from "@tidemark/core"
import { describe, expect, it } from "vitest"
import { failureOf, isClosed } from "../src/failure.ts"
import { parseJson } from "../src/parse-json.ts"
import { dateText, isoText, nameText, previewText, timeText } from "../src/text.ts"

describe("a name", () => {
  it("C4 stays as it is where it can be read", () => {
    for (const name of ["users", "Zürich/東京", "👩‍🚀 astronaut", "a b"])
      expect(nameText(name)).toBe(name)
  })

  it("C4 shows what cannot be seen: nothing, line ends, and what turns or hides text", () => {
    expect(nameText("")).toBe("(empty)")
    expect(nameText("a\nb\tc")).toBe("a\\nb\\tc")
    expect(nameText("a\u202Eb\u200B\u0007")).toBe("a\\u{202e}b\\u{200b}\\u{7}")
  })

  it("C4 is cut where it is longer than anyone reads", () => {
    expect(nameText("k".repeat(65_000))).toHaveLength(301)
  })
})

describe("a preview", () => {
  it("C4 tells a value on one line", () => {
    const value = { name: "Ada", tags: ["a", 1, null, true], empty: {}, none: [] }
    expect(previewText(value, 200)).toBe(
      '{name: "Ada", tags: ["a", 1, null, true], empty: {}, none: []}',
    )
    expect(previewText("line\nend", 200)).toBe('"line\\nend"')
  })

  it("C4 is cut, and looks no further than it shows", () => {
    const read: number[] = []
    const endless = new Proxy(new Array(1_000_000).fill(0), {
      get(items, index) {
        if (typeof index === "string" && /^\d+$/.test(index)) read.push(Number(index))
        return Reflect.get(items, index)
      },
    })
    const text = previewText(endless, 30)
    expect(text).toHaveLength(31)
    expect(text.endsWith("…")).toBe(true)
    expect(read.length).toBeLessThan(40)
  })
})

describe("a moment", () => {
  it("C4 is told as a time of day, a date, and for machines", () => {
    const at = new Date(2026, 10, 21, 4, 5, 6, 78).getTime()
    expect(timeText(at)).toMatch(/04:05:06[.,]078/)
    expect(dateText(at)).toMatch(/2026/)
    expect(isoText(at)).toBe(new Date(at).toISOString())
  })

  it("C4 is told as a number by a clock that is out of all bounds", () => {
    for (const text of [timeText, dateText, isoText]) expect(text(Number.NaN)).toBe("NaN")
    expect(timeText(1e30)).toBe("1e+30")
  })
})

describe("an error", () => {
  it("C4 is told with its code, its message, and the hint apart", () => {
    const error = new StoreError("conflict", "users/ada is at version 3", { hint: "Read it again" })
    expect(failureOf(error)).toEqual({
      code: "conflict",
      message: "users/ada is at version 3",
      hint: "Read it again",
    })
  })

  it("C4 is told whatever was thrown", () => {
    expect(failureOf(new TypeError("no"))).toEqual({ message: "no" })
    expect(failureOf("a text")).toEqual({ message: "a text" })
    expect(failureOf(new StoreError("busy", "no hint"))).toEqual({
      code: "busy",
      message: "no hint",
    })
  })

  it("C4 is known as that of a closed store by its code, from any copy of the class", () => {
    expect(isClosed(Object.assign(new Error("shut"), { code: "closed" }))).toBe(true)
    expect(isClosed(new StoreError("busy", "x"))).toBe(false)
  })
})

describe("a text that should be JSON", () => {
  it("C4 is read, or the reason is told", () => {
    expect(parseJson('{"a":[1]}')).toEqual({ ok: true, value: { a: [1] } })
    expect(parseJson("{a}")).toMatchObject({
      ok: false,
      message: expect.stringContaining("This is not JSON yet: "),
    })
  })
})
