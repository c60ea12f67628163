import { readFileSync } from "node:fs"
import { expect, it } from "vitest"

it.each(["task-list.tsx", "task-list.dom.test.tsx"])(
  "the page about testing shows the code of %s, which is run",
  (file) => {
    const here = (name: string) => readFileSync(new URL(name, import.meta.url), "utf8")
    expect(here("../learn/testing.md")).toContain(here(`testing/${file}`).trim())
  },
)
