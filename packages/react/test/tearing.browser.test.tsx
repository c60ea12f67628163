import { beforeAll, expect, it } from "vitest"
import { type Level, levels } from "./tearing/levels.ts"
import type { Mode } from "./tearing/page.tsx"
import { type Subject, subjects } from "./tearing/subjects.tsx"

const modes: readonly Mode[] = ["transition", "deferred"]
const found = new Map<string, boolean>()
const nameOf = (subject: Subject, mode: Mode, level: Level) =>
  [subject.name, mode, level.name].join()

beforeAll(async () => {
  for (const subject of subjects) {
    for (const mode of modes) {
      for (const level of levels) {
        found.set(nameOf(subject, mode, level), await level.holds(subject, mode))
      }
    }
  }
})

it.each(["`useKey`", "`useKind`", "`useSelect`"])(
  "C3 %s never tears, in transitions and with deferred values",
  (name) => {
    const subject = subjects.find((one) => one.name === name) as Subject
    for (const mode of modes) {
      for (const level of levels.slice(0, 4)) {
        expect(found.get(nameOf(subject, mode, level)), `${mode}, ${level.name}`).toBe(true)
      }
    }
  },
)

it("C3 the table in the guide is what was found", async () => {
  await expect(table()).toMatchFileSnapshot("../../../docs/learn/react-tearing.md")
})

function table(): string {
  const titles = ["level", ...subjects.map(({ name }) => name)]
  const row = (cells: readonly string[]) => `| ${cells.join(" | ")} |`
  const part = (mode: Mode) =>
    levels.map((level) =>
      row([
        level.name,
        ...subjects.map((subject) => (found.get(nameOf(subject, mode, level)) ? "yes" : "no")),
      ]),
    )
  const head = [row(titles), row(titles.map(() => "---"))]
  const parts = modes.map((mode) =>
    [`## ${HEADINGS[mode]}`, "", ...head, ...part(mode), ""].join("\n"),
  )
  return [PREFACE, ...parts].join("\n")
}

const HEADINGS = {
  transition: "Changed in a transition",
  deferred: "Shown as a deferred value",
} as const

const PREFACE = `# Tearing, level by level

What components show of one number while React renders slowly, in real Chromium with React 19. The
questions are those of a published test, \`will-this-react-global-state-work-in-concurrent-rendering\`;
the code is our own. This page is written by \`packages/react/test/tearing.browser.test.tsx\`, and
checked against it in each run of the tests.

A store is outside of React: every change of it is urgent, also in a transition, and so no render of
it can be put aside for another. That is level 3, which only React's own state reaches. Where a
screen must stay quick while a slow part follows, give the slow part a deferred value.
`
