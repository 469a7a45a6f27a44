import { describe, expect, it } from 'vitest'
import { playwrightOutcome, vitestOutcome, type PlaywrightReport, type VitestReport } from './test-report.ts'

const file = {
  name: '/tree/src/pod.test.ts',
  status: 'passed',
  message: '',
  assertionResults: [{ fullName: 'a pod starts', status: 'passed' }],
}
const healthyVitest: VitestReport = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  success: true,
  testResults: [file],
}
const spec = {
  file: 'app/board.spec.ts',
  title: 'the board opens',
  tests: [{ projectName: 'browser', status: 'expected' }],
}
const healthyPlaywright: PlaywrightReport = {
  stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0 },
  errors: [],
  suites: [{ specs: [spec] }],
}
const readVitest = (over: Partial<VitestReport>) => vitestOutcome({ ...healthyVitest, ...over }, '/tree')

describe('test report', () => {
  it('given a healthy run, when read, then every test is passed', () => {
    expect(readVitest({})).toEqual({ passed: 3, failed: 0, skipped: 0, complaints: [] })
    expect(playwrightOutcome(healthyPlaywright)).toEqual({ passed: 2, failed: 0, skipped: 0, complaints: [] })
  })

  it('given a test that failed and one that was skipped, when read, then both are named with their file', () => {
    const assertionResults = [
      { fullName: 'a pod starts', status: 'failed' },
      { fullName: 'a pod stops', status: 'passed' },
      { fullName: 'a pod waits', status: 'skipped' },
    ]
    const testResults = [{ ...file, status: 'failed', assertionResults }]
    const outcome = readVitest({ numFailedTests: 1, numPendingTests: 1, success: false, testResults })
    expect(outcome).toMatchObject({ failed: 1, skipped: 1 })
    expect(outcome.complaints).toEqual([
      'failed: src/pod.test.ts: a pod starts',
      'skipped: src/pod.test.ts: a pod waits',
    ])
  })

  it('given a spec that failed below a group, when read, then it is named with its file and project', () => {
    const failed = { ...spec, tests: [...spec.tests, { projectName: 'electron-standin', status: 'unexpected' }] }
    const suites = [{ specs: [], suites: [{ specs: [failed] }] }]
    const stats = { ...healthyPlaywright.stats, unexpected: 1 }
    expect(playwrightOutcome({ ...healthyPlaywright, stats, suites }).complaints).toEqual([
      'unexpected: app/board.spec.ts (electron-standin): the board opens',
    ])
  })

  it('given a file that could not be loaded, when read, then the run failed and the file is named', () => {
    const broken = { ...file, status: 'failed', message: 'cannot find it\n  at line 1', assertionResults: [] }
    expect(readVitest({ success: false, testResults: [file, broken] })).toMatchObject({
      failed: 1,
      complaints: ['failed: src/pod.test.ts: cannot find it'],
    })
    expect(playwrightOutcome({ ...healthyPlaywright, errors: [{ message: 'no such module' }] })).toMatchObject({
      failed: 1,
      complaints: ['no such module'],
    })
  })

  it('given an error outside of any test, when read, then the run failed', () => {
    const { failed, complaints } = readVitest({ success: false })
    expect({ failed, told: complaints.length }).toEqual({ failed: 1, told: 1 })
  })

  it('given a run without a single test, when read, then it failed', () => {
    expect(readVitest({ numPassedTests: 0, testResults: [] }).failed).toBe(1)
    const stats = { expected: 0, unexpected: 0, flaky: 0, skipped: 4 }
    expect(playwrightOutcome({ ...healthyPlaywright, stats }).failed).toBe(1)
  })

  it('given a spec that passed only at the second try, when read, then it failed and is named', () => {
    const suites = [{ specs: [{ ...spec, tests: [{ projectName: 'browser', status: 'flaky' }] }] }]
    const outcome = playwrightOutcome({ ...healthyPlaywright, stats: { ...healthyPlaywright.stats, flaky: 1 }, suites })
    expect(outcome).toMatchObject({ failed: 1, complaints: ['flaky: app/board.spec.ts (browser): the board opens'] })
  })
})
