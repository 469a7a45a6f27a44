/** `test` of the specs: a clean lab and the board of a running app, one app for each worker. */
import { test as base } from '@playwright/test'
import { BoardPage } from '../pages/board-page.ts'
import { E2eLab } from './e2e-lab.ts'
import { startApp, type RunningApp, type Shell } from './shells.ts'

export interface WorkerOptions {
  shell: Shell
}

interface WorkerFixtures extends WorkerOptions {
  app: RunningApp
}

interface TestFixtures {
  lab: E2eLab
  board: BoardPage
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  shell: ['browser', { option: true, scope: 'worker' }],

  app: [
    async ({ shell }, use) => {
      const app = await startApp(shell)
      // A button that cannot be pressed has to fail by itself, before the whole spec runs out of time.
      app.page.setDefaultTimeout(30_000)
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
    const faults: string[] = []
    const onConsole = (message: { type(): string; text(): string }): void => {
      if (message.type() === 'error') faults.push(message.text())
    }
    const onPageError = (error: Error): void => void faults.push(error.stack ?? error.message)
    app.page.on('console', onConsole)
    app.page.on('pageerror', onPageError)
    await app.page.evaluate(() => localStorage.clear())
    await app.page.reload()
    const board = new BoardPage(app.page, lab.name)
    await board.waitUntilClean()
    await use(board)
    app.page.off('console', onConsole)
    app.page.off('pageerror', onPageError)
    if (testInfo.status !== testInfo.expectedStatus) {
      await testInfo.attach('screenshot', { body: await app.page.screenshot(), contentType: 'image/png' })
    }
    if (faults.length > 0) throw new Error(`The page reported faults:\n${faults.join('\n')}`)
  },
})

export { expect } from '@playwright/test'
