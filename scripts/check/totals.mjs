/** What vitest's JSON report says: `{ passed, failed, skipped }`. Without a report, one failure. */
export function totals(results) {
  if (results === undefined) return { passed: 0, failed: 1, skipped: 0 }
  // A file that cannot be loaded, and an error outside of every test, have no test that fails.
  const unloaded = results.testResults.filter(isUnloaded).length
  const failed = results.numFailedTests + unloaded
  return {
    passed: results.numPassedTests,
    failed: failed === 0 && !results.success ? 1 : failed,
    skipped: results.numPendingTests + results.numTodoTests,
  }
}

/** The last line of a run such as `123 passed, 0 failed`, and its exit code. */
export function closingLine({ passed, failed, skipped }, failedChecks) {
  const wrong = failed + failedChecks
  const line = `${passed} passed, ${wrong} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`
  return { line, exitCode: wrong === 0 ? 0 : 1 }
}

function isUnloaded(file) {
  return (
    file.status === "failed" && !file.assertionResults.some(({ status }) => status === "failed")
  )
}
