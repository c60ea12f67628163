import { expect, it } from "vitest"
import { closingLine, totals } from "../check/totals.mjs"

const report = (numbers: {
  passed?: number
  failed?: number
  skipped?: number
  todo?: number
}) => ({
  success: !numbers.failed,
  numPassedTests: numbers.passed ?? 0,
  numFailedTests: numbers.failed ?? 0,
  numPendingTests: numbers.skipped ?? 0,
  numTodoTests: numbers.todo ?? 0,
  testResults: [] as { status: string; assertionResults: { status: string }[] }[],
})

it("counts what passed, failed and was skipped", () => {
  const results = report({ passed: 120, failed: 2, skipped: 3, todo: 1 })
  expect(totals(results)).toEqual({ passed: 120, failed: 2, skipped: 4 })
})

it("counts a file that cannot be loaded as a failure, and one with a failed test not twice", () => {
  const results = report({ passed: 5, failed: 1 })
  results.testResults = [
    { status: "failed", assertionResults: [] },
    { status: "failed", assertionResults: [{ status: "passed" }, { status: "failed" }] },
    { status: "passed", assertionResults: [{ status: "passed" }] },
  ]
  expect(totals(results).failed).toBe(2)
})

it("counts an error outside of every test as a failure", () => {
  expect(totals({ ...report({ passed: 5 }), success: false }).failed).toBe(1)
})

it("counts a run without a report as a failure", () => {
  expect(totals(undefined)).toEqual({ passed: 0, failed: 1, skipped: 0 })
})

it.each([
  [{ passed: 123, failed: 0, skipped: 0 }, 0, "123 passed, 0 failed", 0],
  [{ passed: 123, failed: 0, skipped: 2 }, 0, "123 passed, 0 failed, 2 skipped", 0],
  [{ passed: 123, failed: 1, skipped: 0 }, 0, "123 passed, 1 failed", 1],
  [{ passed: 123, failed: 0, skipped: 0 }, 2, "123 passed, 2 failed", 1],
])("closes %o with %i failed checks", (counted, failedChecks, line, exitCode) => {
  expect(closingLine(counted, failedChecks)).toEqual({ line, exitCode })
})
