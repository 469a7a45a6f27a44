import { describe, expect, it } from 'vitest'
import { playwrightCounts, vitestCounts } from './test-report.ts'

const healthyVitest = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, success: true }
const healthyPlaywright = { stats: { expected: 2, unexpected: 0, flaky: 0, skipped: 0 }, errors: [] }

describe('test report', () => {
  it('given a healthy run, when counted, then every test is passed', () => {
    expect(vitestCounts(healthyVitest)).toEqual({ passed: 3, failed: 0, skipped: 0 })
    expect(playwrightCounts(healthyPlaywright)).toEqual({ passed: 2, failed: 0, skipped: 0 })
  })

  it('given a file that could not be loaded, when counted, then the run failed', () => {
    expect(vitestCounts({ ...healthyVitest, success: false }).failed).toBe(1)
    expect(playwrightCounts({ ...healthyPlaywright, errors: [{}] }).failed).toBe(1)
  })

  it('given a run without a single test, when counted, then it failed', () => {
    expect(vitestCounts({ ...healthyVitest, numPassedTests: 0 }).failed).toBe(1)
    expect(playwrightCounts({ stats: { expected: 0, unexpected: 0, flaky: 0, skipped: 4 }, errors: [] }).failed).toBe(1)
  })

  it('given a spec that passed only at the second try, when counted, then it failed', () => {
    expect(playwrightCounts({ ...healthyPlaywright, stats: { ...healthyPlaywright.stats, flaky: 1 } }).failed).toBe(1)
  })
})
