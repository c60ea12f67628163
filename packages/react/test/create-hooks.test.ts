import * as react from "@tidemark/react"
import { expect, it } from "vitest"

it("C3 createHooks gives every hook of the package, the same at run time", () => {
  const all = Object.entries(react).filter(([name]) => name.startsWith("use"))
  expect(react.createHooks()).toEqual(Object.fromEntries(all))
})
