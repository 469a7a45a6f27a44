/**
 * `npm test`: sets up what the suites need, runs them all, and ends with the names of all tests that did not pass and one line
 * for all suites together: `N passed, N failed, N skipped`. A suite that cannot run is a failure. `--full` adds the long ladders.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { LabError } from '../src-main/common/lab-error.ts'
import { ensureEngine } from '../src-main/lab/engine/ensure-engine.ts'
import { ensureImages } from '../src-main/lab/images/ensure-images.ts'
import { removeDeadTestLabs } from './support/dead-test-labs.ts'
import { ensureChromium } from './support/ensure-chromium.ts'
import { reportFailure } from './support/report-failure.ts'
import { runStep } from './support/run-step.ts'
import {
  addOutcomes,
  NO_TESTS,
  playwrightOutcome,
  vitestOutcome,
  withFailure,
  type PlaywrightReport,
  type TestOutcome,
  type VitestReport,
} from './support/test-report.ts'

const REPORTS = 'out/test-reports'
const PROGRAMS = 'node_modules/.bin'

const { values: options } = parseArgs({ options: { full: { type: 'boolean', default: false } } })

interface Suite {
  title: string
  run: (reportPath: string) => Promise<TestOutcome>
}

function vitestSuite(title: string, project: string): Suite {
  return {
    title,
    run: async (reportPath) => {
      const result = await runStep(`${PROGRAMS}/vitest`, [
        'run',
        '--project',
        project,
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${reportPath}`,
      ])
      return withExitCode(vitestOutcome(readReport<VitestReport>(reportPath), process.cwd()), result.exitCode)
    },
  }
}

function playwrightSuite(title: string, chromium: string): Suite {
  return {
    title,
    run: async (reportPath) => {
      const result = await runStep(`${PROGRAMS}/playwright`, ['test', '--config', 'tests/e2e/playwright.config.ts'], {
        environment: { CHROMIUM_PATH: chromium, PLAYWRIGHT_JSON_OUTPUT_FILE: reportPath },
      })
      return withExitCode(playwrightOutcome(readReport<PlaywrightReport>(reportPath)), result.exitCode)
    },
  }
}

function readReport<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8')) as T
}

/** A runner that failed although its report is clean has failed. */
function withExitCode(outcome: TestOutcome, exitCode: number): TestOutcome {
  const isToldOf = exitCode === 0 || outcome.failed > 0
  return isToldOf ? outcome : withFailure(outcome, `the runner ended with ${exitCode}, though every test passed`)
}

async function prepare(): Promise<{ chromium: string }> {
  const onProgress = (step: { message: string }): void => console.log(`  ${step.message}`)
  console.log('Engine ...')
  const engine = await ensureEngine({ onProgress })
  process.env['DOCKER_HOST'] = engine.endpoint
  console.log('Images ...')
  await ensureImages(engine, { onProgress })
  await removeDeadTestLabs(engine, onProgress)
  await engine.dispose()
  const chromium = await ensureChromium()
  console.log('Application ...')
  const build = await runStep(`${PROGRAMS}/node`, ['scripts/build.ts'], { quiet: true })
  if (build.exitCode !== 0) {
    throw new LabError({ kind: 'Unavailable', message: `The application does not build:\n${build.output.trim()}` })
  }
  return { chromium }
}

async function runSuites(suites: Suite[]): Promise<TestOutcome> {
  let total = NO_TESTS
  const lines: string[] = []
  for (const [index, suite] of suites.entries()) {
    console.log(`\n== ${suite.title} (${index + 1} of ${suites.length})`)
    const startMs = performance.now()
    const outcome = await suite.run(`${REPORTS}/${index}.json`).catch((error: unknown): TestOutcome => {
      const reason = error instanceof Error ? error.message : String(error)
      return withFailure(NO_TESTS, `${suite.title} could not run: ${reason}`)
    })
    total = addOutcomes(total, outcome)
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0)
    const { passed, failed, skipped } = outcome
    lines.push(`  ${suite.title}: ${passed} passed, ${failed} failed, ${skipped} skipped (${seconds} s)`)
  }
  console.log(`\n${lines.join('\n')}`)
  return total
}

try {
  rmSync(REPORTS, { recursive: true, force: true })
  mkdirSync(REPORTS, { recursive: true })
  const { chromium } = await prepare()
  const total = await runSuites([
    vitestSuite('Unit tests', 'unit'),
    vitestSuite('Renderer tests', 'renderer'),
    vitestSuite('Tests on the real engine', 'engine'),
    ...(options.full ? [vitestSuite('Long ladders on the real engine', 'full')] : []),
    playwrightSuite('Specs in Chromium', chromium),
  ])
  // Last of all: where a log is cut, its end stays.
  if (total.complaints.length > 0) console.log(`\nDid not pass:\n  ${total.complaints.join('\n  ')}`)
  console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
  process.exitCode = total.failed > 0 || total.skipped > 0 ? 1 : 0
} catch (error) {
  process.exitCode = reportFailure(error)
}
