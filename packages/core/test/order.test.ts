import fc from "fast-check"
import { describe, expect, it } from "vitest"
import { afterPrefix, compareJson, compareText, entryOrder } from "../src/order.ts"
import { row } from "./row.ts"

/** Texts in which every border of UTF-8 and UTF-16 is near. */
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc
    .array(
      fc.constantFrom(
        "\0",
        "a",
        "b",
        "\x7f",
        "é",
        "\ud7ff",
        "\ue000",
        "\uffff",
        "𐀀",
        "😀",
        "\u{10ffff}",
      ),
    )
    .map((parts) => parts.join("")),
)

describe("compareText", () => {
  it("Z1 orders texts as Buffer.compare orders their UTF-8 bytes", () => {
    fc.assert(
      fc.property(text, text, (a, b) => {
        const bytes = Buffer.compare(Buffer.from(a), Buffer.from(b))
        expect(Math.sign(compareText(a, b))).toBe(bytes)
        expect(Math.sign(compareText(b, a))).toBe(-bytes || 0)
        expect(compareText(a, a)).toBe(0)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe("afterPrefix", () => {
  it("Z1 bounds exactly the texts with a prefix", () => {
    fc.assert(
      fc.property(text, text, text, (prefix, rest, other) => {
        const end = afterPrefix(prefix)
        const within = (key: string) =>
          compareText(key, prefix) >= 0 && (end === undefined || compareText(key, end) < 0)
        expect(within(prefix + rest)).toBe(true)
        expect(within(other)).toBe(other.startsWith(prefix))
      }),
      { numRuns: 2_000 },
    )
  })

  it("Z1 steps over the surrogates and past the last character", () => {
    expect(afterPrefix("a")).toBe("b")
    expect(afterPrefix("x\ud7ff")).toBe("x\ue000")
    expect(afterPrefix("a\u{10ffff}\u{10ffff}")).toBe("b")
    expect(afterPrefix("\u{10ffff}")).toBeUndefined()
    expect(afterPrefix("")).toBeUndefined()
  })
})

describe("compareJson", () => {
  it("Z1 orders by type first: absent, null, false, true, numbers, texts, the rest", () => {
    const ordered = [undefined, null, false, true, -1.5, 0, 2, 10, "", "10", "2", "a", {}]
    for (const [i, a] of ordered.entries()) {
      for (const [j, b] of ordered.entries()) {
        expect(Math.sign(compareJson(a, b)), `${a} and ${b}`).toBe(Math.sign(i - j))
      }
    }
    expect(compareJson({ a: 1 }, [2])).toBe(0)
  })

  it("Z1 is a consistent order of all JSON values", () => {
    const value = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constant(undefined))
    fc.assert(
      fc.property(value, value, value, (a, b, c) => {
        expect(Math.sign(compareJson(a, b))).toBe(-Math.sign(compareJson(b, a)) || 0)
        if (compareJson(a, b) <= 0 && compareJson(b, c) <= 0) {
          expect(compareJson(a, c)).toBeLessThanOrEqual(0)
        }
      }),
    )
  })
})

describe("entryOrder", () => {
  const a = row("a", { x: 1, "y.z": 2, deep: { z: 1 } })
  const b = row("b", { x: 1, "y.z": 1, deep: { z: 2 } })

  it.each([
    ["key where no order is asked for", undefined, -1],
    ["key where fields tie", "x", -1],
    ["a field at a dotted path", "deep.z", -1],
    ["a name that has a dot itself", "y.z", 1],
    ["a field downwards", { "deep.z": "desc" }, 1],
    ["the second field where the first ties", ["x", { "y.z": "asc" }], 1],
    ["the names of one term in their order", [{ x: "asc", "deep.z": "desc" }], 1],
  ] as const)("Z1 orders by %s", (_, orderBy, expected) => {
    expect(Math.sign(entryOrder(orderBy)(a, b))).toBe(expected)
    expect(Math.sign(entryOrder(orderBy, true)(a, b))).toBe(-expected)
  })
})
