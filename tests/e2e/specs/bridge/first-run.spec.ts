/** What somebody sees who starts Node Lab for the first time: an app of its own, on a home without labs. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { run } from '../../../support/test-lab.ts'
import { expectAccessible } from '../../support/expect-accessible.ts'
import { keepScreenshots } from '../../support/keep-screenshots.ts'
import { startApp, type RunningApp } from '../../support/shells.ts'

const CLI = join(import.meta.dirname, '../../../../src-main/shell/cli/main.ts')
let home = ''
let app: RunningApp

test.beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'node-lab-first-run-'))
  app = await startApp('browser', { NODE_LAB_HOME: home })
})

test.afterEach(async () => {
  await app.stop()
  await run(process.execPath, [CLI, 'delete'], { NODE_LAB_HOME: home })
  rmSync(home, { recursive: true, force: true })
})

test('given a home without labs, then the first-run page finds the engine, makes what is chosen, and stops when told', async () => {
  const { page } = app
  await expect(page.locator('[data-engine-check=ready]')).toBeVisible()
  await expect(page.locator('[data-preset]')).toHaveCount(3)
  await expectAccessible(page, 'first-run page')
  await keepScreenshots(page, 'welcome')

  await page.getByRole('button', { name: /^One node/ }).click()
  await expect(page.locator('[data-making]')).toContainText('Starting the lab default')
  await page.getByRole('button', { name: 'Cancel' }).click()
  await expect(page.locator('[data-preset]')).toHaveCount(3)
  await page.getByRole('button', { name: 'Tasks' }).click()
  await expect(page.locator('[data-task=lab-up]').first()).toHaveAttribute('data-state', 'cancelled')
})
