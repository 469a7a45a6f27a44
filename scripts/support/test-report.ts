/** What came of a test run, read from the JSON reports of the runners. A report that is missing or empty is a failure, never a pass. */
import path from 'node:path'

export interface TestOutcome {
  passed: number
  failed: number
  skipped: number
  /** A line for each test that did not pass: its file and full name, or what else failed. */
  complaints: readonly string[]
}

export const NO_TESTS: TestOutcome = { passed: 0, failed: 0, skipped: 0, complaints: [] }

export function addOutcomes(left: TestOutcome, right: TestOutcome): TestOutcome {
  return {
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
    complaints: [...left.complaints, ...right.complaints],
  }
}

/** One more failure, which no report tells of. */
export function withFailure(outcome: TestOutcome, complaint: string): TestOutcome {
  return { ...outcome, failed: outcome.failed + 1, complaints: [...outcome.complaints, complaint] }
}

export interface VitestReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  success: boolean
  testResults: readonly VitestFile[]
}

interface VitestFile {
  /** Absolute path. */
  name: string
  status: string
  message: string
  assertionResults: readonly { fullName: string; status: string }[]
}

export interface PlaywrightReport {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  errors: readonly { message?: string }[]
  suites: readonly PlaywrightSuite[]
}

interface PlaywrightSuite {
  suites?: readonly PlaywrightSuite[]
  specs: readonly {
    file: string
    title: string
    tests: readonly { projectName: string; status: string }[]
  }[]
}

/**
 * Outcome in vitest's JSON report. A run that was not successful although no test failed (a file that could not be
 * loaded, an unhandled rejection) counts as one failure; so does a run without a single test.
 */
export function vitestOutcome(report: VitestReport, root: string): TestOutcome {
  const outcome = {
    passed: report.numPassedTests,
    failed: report.numFailedTests,
    skipped: report.numPendingTests + report.numTodoTests,
    complaints: report.testResults.flatMap((file) => complainOfFile(file, root)),
  }
  return requireTests(outcome, report.success)
}

/** Outcome in Playwright's JSON report; a spec that passed only when tried again counts as failed. */
export function playwrightOutcome(report: PlaywrightReport): TestOutcome {
  const { expected, unexpected, flaky, skipped } = report.stats
  const errors = report.errors.map(({ message = 'an error without a message' }) => firstLine(message))
  const complaints = [...errors, ...report.suites.flatMap(complainOfSuite)]
  return requireTests({ passed: expected, failed: unexpected + flaky, skipped, complaints }, errors.length === 0)
}

function complainOfFile({ name, status, message, assertionResults }: VitestFile, root: string): string[] {
  const file = path.relative(root, name)
  const bad = assertionResults.filter((test) => test.status !== 'passed')
  if (bad.length === 0 && status === 'failed') return [`failed: ${file}: ${firstLine(message)}`]
  return bad.map((test) => `${test.status}: ${file}: ${test.fullName}`)
}

function complainOfSuite({ suites = [], specs }: PlaywrightSuite): string[] {
  const own = specs.flatMap(({ file, title, tests }) =>
    tests
      .filter(({ status }) => status !== 'expected')
      .map(({ projectName, status }) => `${status}: ${file} (${projectName}): ${title}`),
  )
  return [...own, ...suites.flatMap(complainOfSuite)]
}

function firstLine(text: string): string {
  return (text.trim().split('\n', 1)[0] ?? '').slice(0, 300)
}

function requireTests(outcome: TestOutcome, success: boolean): TestOutcome {
  if (outcome.passed + outcome.failed === 0) return withFailure(outcome, 'no test ran')
  if (success || outcome.failed > 0) return outcome
  const isTold = outcome.complaints.length > 0
  return isTold ? { ...outcome, failed: 1 } : withFailure(outcome, 'an error outside of any test: see the log')
}
