/** The app's three shells, each started as a user would and joined by its page. */
import { join } from 'node:path'
import { _electron, chromium, type Page } from '@playwright/test'
import { startProgram } from './child-program.ts'
import { CHROMIUM_ARGUMENTS, chromiumPath } from './chromium.ts'
import { findRealElectron } from './find-electron.ts'

export type Shell = 'browser' | 'electron-standin' | 'electron'

export interface RunningApp {
  page: Page
  /** Where the bridge serves it; in the browser only. */
  url?: string
  /** Ends it as a user would. */
  stop(): Promise<void>
  /** SIGKILL to the main process (or the server) alone; `stop` then only clears up what is left. */
  kill(): Promise<void>
}

const ROOT = join(import.meta.dirname, '../../..')
const MAIN = join(ROOT, 'out/main/index.js')
const ENGLISH = { locale: 'en-US' }

/** @param environment for another home than the one of the specs */
export function startApp(shell: Shell, environment: Record<string, string> = {}): Promise<RunningApp> {
  switch (shell) {
    case 'browser':
      return startInBrowser(environment)
    case 'electron-standin':
      return startOnStandIn(environment)
    case 'electron':
      return startElectron(environment)
  }
}

async function startInBrowser(environment: Record<string, string>): Promise<RunningApp> {
  const server = startProgram(process.execPath, [join(ROOT, 'src-main/shell/cli/main.ts'), 'serve'], environment)
  const [url] = await server.match(/http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]+/)
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGUMENTS })
  const page = await browser.newPage(ENGLISH)
  await page.goto(url)
  return {
    page,
    url,
    stop: async () => {
      await browser.close()
      await server.stop()
    },
    kill: () => server.kill(),
  }
}

async function startOnStandIn(environment: Record<string, string>): Promise<RunningApp> {
  const register = join(ROOT, 'tests/e2e/electron-stand-in/register.ts')
  const main = startProgram(process.execPath, ['--import', register, MAIN], {
    CHROMIUM_PATH: chromiumPath(),
    ...environment,
  })
  const [, debuggingUrl = ''] = await main.match(/"debuggingUrl":"(.+?)"/)
  const browser = await chromium.connectOverCDP(debuggingUrl)
  const page = browser.contexts()[0]?.pages()[0]
  if (page === undefined) throw new Error('The stand-in has no page')
  let isKilled = false
  return {
    page,
    stop: async () => {
      await browser.close()
      const exitCode = await main.stop()
      if (exitCode !== 0 && !isKilled) throw new Error(`The app did not end cleanly on SIGTERM: exit code ${exitCode}`)
    },
    kill: () => {
      isKilled = true
      return main.kill()
    },
  }
}

async function startElectron(environment: Record<string, string>): Promise<RunningApp> {
  const binary = findRealElectron()
  if (binary.state === 'missing') throw new Error(`Electron cannot run here: ${binary.reason}`)
  const isRoot = process.getuid?.() === 0
  const app = await _electron.launch({
    executablePath: binary.path,
    env: { ...definedVariables(), ...environment },
    args: [ROOT, '--lang=en-US', ...(isRoot ? ['--no-sandbox'] : [])],
  })
  const page = await app.firstWindow()
  let isKilled = false
  return {
    page,
    stop: async () => {
      if (!isKilled) await app.close()
    },
    kill: async () => {
      isKilled = true
      const closed = new Promise<void>((resolve) => app.once('close', () => resolve()))
      app.process().kill('SIGKILL')
      await closed
    },
  }
}

function definedVariables(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}
