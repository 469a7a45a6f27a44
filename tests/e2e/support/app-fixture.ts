/** `test` of the specs: a clean lab and the board of a running app, one app for each worker. */
import { test as base, type Page, type TestInfo } from '@playwright/test'
import { BoardPage } from '../pages/board-page.ts'
import { E2eLab } from './e2e-lab.ts'
import { startApp, type RunningApp, type Shell } from './shells.ts'

export interface WorkerOptions {
  shell: Shell
}

/** The app of this worker; a spec that kills it starts it again. */
export class AppUnderTest {
  readonly shell: Shell
  #running: RunningApp

  constructor(shell: Shell, running: RunningApp) {
    this.shell = shell
    this.#running = running
  }

  get page(): Page {
    return this.#running.page
  }

  get url(): string | undefined {
    return this.#running.url
  }

  /** SIGKILL to what is behind the page; the page, where it outlives that, stays as it is. */
  kill(): Promise<void> {
    return this.#running.kill()
  }

  async startAgain(): Promise<void> {
    await this.#running.stop()
    this.#running = await startApp(this.shell)
  }

  stop(): Promise<void> {
    return this.#running.stop()
  }
}

interface WorkerFixtures extends WorkerOptions {
  app: AppUnderTest
}

interface TestFixtures {
  lab: E2eLab
  board: BoardPage
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  shell: ['browser', { option: true, scope: 'worker' }],

  app: [
    async ({ shell }, use) => {
      const app = new AppUnderTest(shell, await startApp(shell))
      await use(app)
      await app.stop()
    },
    { scope: 'worker', timeout: 120_000 },
  ],

  // eslint-disable-next-line no-empty-pattern -- Playwright reads the names of fixtures from this pattern.
  lab: async ({}, use) => {
    const lab = E2eLab.fromEnvironment()
    await lab.reset()
    await use(lab)
  },

  board: async ({ app, lab }, use, testInfo) => {
    const { page } = app
    // A button that cannot be pressed has to fail by itself, before the whole spec runs out of time.
    page.setDefaultTimeout(30_000)
    const faults: string[] = []
    const onConsole = (message: { type(): string; text(): string }): void => {
      // Pods that start and end change the machine's network; the page then loads itself anew (public/load-again.js).
      if (message.type() === 'error' && !message.text().includes('ERR_NETWORK_CHANGED')) faults.push(message.text())
    }
    const onPageError = (error: Error): void => void faults.push(error.stack ?? error.message)
    page.on('console', onConsole)
    page.on('pageerror', onPageError)
    // A reload stays at the place of the address, and the spec before may have left another one.
    await page.evaluate(() => {
      localStorage.clear()
      location.hash = '#/'
    })
    await page.reload()
    const board = new BoardPage(page, lab.name)
    try {
      await board.waitUntilClean()
    } catch (error) {
      await attachScreenshot(page, testInfo)
      throw new Error(
        `The board did not come up at ${page.url()}; faults of the page: ${faults.join('\n') || 'none'}`,
        {
          cause: error,
        },
      )
    }
    await use(board)
    page.off('console', onConsole)
    page.off('pageerror', onPageError)
    if (testInfo.status !== testInfo.expectedStatus) {
      await attachScreenshot(page, testInfo)
      await attachWhatLiesOverIt(board, testInfo)
    }
    if (faults.length > 0) throw new Error(`The page reported faults:\n${faults.join('\n')}`)
  },
})

/** As a file, which stays in the output folder of the spec. */
async function attachScreenshot(page: Page, testInfo: TestInfo): Promise<void> {
  const path = testInfo.outputPath('page.png')
  await page.screenshot({ path })
  await testInfo.attach('screenshot', { path, contentType: 'image/png' })
}

/** As words, so that a log without the picture tells it, too. */
async function attachWhatLiesOverIt({ page, toast }: BoardPage, testInfo: TestInfo): Promise<void> {
  const texts = await page.getByRole('dialog').or(page.getByRole('alertdialog')).or(toast).allInnerTexts()
  const body = [page.url(), ...texts].join('\n---\n')
  await testInfo.attach('address, dialogs and messages', { body, contentType: 'text/plain' })
}

export { expect } from '@playwright/test'
