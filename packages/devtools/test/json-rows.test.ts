import { describe, expect, it } from "vitest"
import { jsonRows, parentRow, SHOWN_TEXT } from "../src/json-rows.ts"

const paths = (value: unknown, openings: [string, boolean][] = []) =>
  jsonRows(value, new Map(openings)).map(({ path }) => path)

describe("the lines of a JSON tree", () => {
  it("C4 show the top open, and what is deeper closed until it is opened", () => {
    const value = { a: { b: { c: 1 } }, d: 2 }
    expect(paths(value)).toEqual(["", "/a", "/a/b", "/d"])
    expect(paths(value, [["/a/b", true]])).toEqual(["", "/a", "/a/b", "/a/b/c", "/d"])
    expect(paths(value, [["", false]])).toEqual([""])
  })

  it("C4 tell fields with a slash or a tilde apart from nested ones", () => {
    expect(paths({ "a/b": 1, a: { b: 2 }, "~1": 3 })).toEqual(["", "/a~1b", "/a", "/a/b", "/~01"])
  })

  it("C4 name the items of a list by their numbers, and the fields of an object by their names", () => {
    expect(jsonRows(["x"], new Map())[1]?.name).toBe(0)
    expect(jsonRows({ 0: "x" }, new Map())[1]?.name).toBe("0")
  })

  it("C4 leave a long list closed at first, and a long text cut", () => {
    expect(paths(Array.from({ length: 2_000 }, () => 0))).toEqual([""])
    expect(jsonRows("x".repeat(SHOWN_TEXT + 1), new Map())[0]).toMatchObject({
      expandable: true,
      open: false,
    })
    expect(jsonRows("short", new Map())[0]).toMatchObject({ expandable: false })
  })

  it("C4 lead from a line to the one that holds it", () => {
    const rows = jsonRows({ a: { b: 1, c: 2 }, d: 3 }, new Map())
    expect(rows.map((_, index) => rows[parentRow(rows, index)]?.path)).toEqual([
      undefined,
      "",
      "/a",
      "/a",
      "",
    ])
  })

  it("C4 are as deep as JSON in a store can be", () => {
    let value: unknown = 1
    for (let depth = 0; depth < 500; depth++) value = [value]
    const all = new Map(
      Array.from({ length: 500 }, (_, depth) => ["/0".repeat(depth), true] as const),
    )
    expect(jsonRows(value, all)).toHaveLength(501)
  })
})
