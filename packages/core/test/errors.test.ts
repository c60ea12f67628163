import { expect, it } from "vitest"
import { StoreError } from "../src/errors.ts"

it("Z17 an error says what was tried and, last, what to do next", () => {
  const cause = new Error("disk")
  const error = new StoreError("busy", "The file is held", {
    details: { path: "app.db" },
    hint: "Try again",
    cause,
  })
  expect(error).toBeInstanceOf(Error)
  expect(error).toMatchObject({
    name: "StoreError",
    code: "busy",
    message: "The file is held. Try again",
    details: { path: "app.db" },
    hint: "Try again",
    cause,
  })
})

it("Z17 an error without facts has none, not even a cause", () => {
  const error = new StoreError("closed", "It is closed")
  expect(error.message).toBe("It is closed")
  expect([error.details, error.hint, "cause" in error]).toEqual([{}, undefined, false])
})

it("Z17 errors are told apart by code", () => {
  const error = new StoreError("conflict", "No")
  expect(StoreError.is(error)).toBe(true)
  expect(StoreError.is(error, "busy", "conflict")).toBe(true)
  expect(StoreError.is(error, "busy")).toBe(false)
  expect(StoreError.is(new Error("conflict"), "conflict")).toBe(false)
  expect(StoreError.is(undefined)).toBe(false)
})

it.each([{}, { hint: "Do that" }, { hint: "Do that", details: { path: "a.b", n: 1 } }])(
  "Z17 an error crosses a boundary as plain data and comes back the same: %o",
  (facts) => {
    const error = new StoreError("invalid_value", "a is wrong", facts)
    const again = StoreError.from(JSON.parse(JSON.stringify(error)))
    expect(again).toBeInstanceOf(StoreError)
    expect(again.toJSON()).toEqual(error.toJSON())
    expect(again.hint).toBe(error.hint)
    expect(StoreError.from(again.toJSON()).message).toBe(error.message)
  },
)

it("Z17 an error is known by what it is, also from another copy of the module", () => {
  const foreign = Object.assign(new Error("It is busy"), { name: "StoreError", code: "busy" })
  expect(StoreError.is(foreign)).toBe(true)
  expect(StoreError.is(foreign, "busy")).toBe(true)
  expect(StoreError.is(foreign, "closed")).toBe(false)
})
