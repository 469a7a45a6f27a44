/** Counts of a test run, read from the JSON reports of the runners. A report that is missing or empty is a failure, never a pass. */

export interface TestCounts {
  passed: number
  failed: number
  skipped: number
}

export const NO_TESTS: TestCounts = { passed: 0, failed: 0, skipped: 0 }

export function addCounts(left: TestCounts, right: TestCounts): TestCounts {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  }
}

interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  success: boolean
}

interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  errors: unknown[]
}

/**
 * Counts of vitest's JSON report. A run that was not successful although no test failed (a file that could not be
 * loaded, an unhandled rejection) counts as one failure; so does a run without a single test.
 */
export function vitestCounts(report: VitestReport): TestCounts {
  const counts = {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
  }
  return requireTests(counts, report.success)
}

/** Counts of Playwright's JSON report; a spec that passed only when tried again counts as failed. */
export function playwrightCounts(report: PlaywrightReport): TestCounts {
  const { expected, unexpected, flaky, skipped } = report.stats
  return requireTests({ passed: expected, failed: unexpected + flaky, skipped }, report.errors.length === 0)
}

function requireTests(counts: TestCounts, success: boolean): TestCounts {
  const ranNothing = counts.passed + counts.failed === 0
  const failedSilently = !success && counts.failed === 0
  return ranNothing || failedSilently ? { ...counts, failed: counts.failed + 1 } : counts
}
