/** Diagnostics of a real engine, and links into the app from outside of it. */
import { spawnSync } from 'node:child_process'
import { gunzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DiagnosticsPage } from '../../pages/diagnostics-page.ts'
import { expect, test } from '../../support/app-fixture.ts'
import { expectAccessible } from '../../support/expect-accessible.ts'
import { keepScreenshots } from '../../support/keep-screenshots.ts'

const ROOT = join(import.meta.dirname, '../../../..')

test('given a real engine, when its diagnosis is opened, then each check is told, and logs and reset can be asked for', async ({
  board,
  lab,
  shell,
}) => {
  const { page } = board
  const diagnostics = new DiagnosticsPage(page)
  await diagnostics.open()
  for (const id of ['home', 'engine', 'images', 'volume-subpath', 'bind-mount', 'engine-socket', 'ports'])
    await expect(diagnostics.check(id), id).toHaveAttribute('data-state', 'ok')
  await expect(page.getByRole('region', { name: 'This machine' })).toContainText(lab.name)
  await expectAccessible(page, 'diagnostics')
  await keepScreenshots(page, 'diagnostics')

  await test.step('when logs are collected, then one is told where they are, and they are an archive', async () => {
    const download = shell === 'browser' ? page.waitForEvent('download') : undefined
    await diagnostics.button('Collect logs').click()
    await expect(diagnostics.savedLogs).toContainText('.tar.gz')
    const path =
      download === undefined
        ? /Saved as (\S+\.tar\.gz)/.exec(await diagnostics.savedLogs.innerText())?.[1]
        : await (await download).path()
    expect(gunzipSync(readFileSync(path ?? '')).toString('utf8')).toContain(`labs/${lab.name}/lab.yaml`)
    await diagnostics.waitUntilDone()
  })

  await test.step('when a reset is asked for and left, then it has said what goes and nothing is gone', async () => {
    await diagnostics.button('Reset…').click()
    await expect(diagnostics.resetDialog.locator('[data-reset="removed"]')).toContainText(`Lab ${lab.name} (2 nodes`)
    await expect(diagnostics.resetDialog.locator('[data-reset="kept"]')).toContainText('cache')
    await expectAccessible(page, 'reset')
    await page.keyboard.press('Escape')
    await expect(diagnostics.resetDialog).toHaveCount(0)
    await board.openPlace('Board')
    await expect(board.node('node01')).toHaveAttribute('data-state', 'running')
  })
})

test('given links into the app, when they are opened, then they lead to their page or say why not, and change nothing', async ({
  board,
  lab,
  shell,
}) => {
  const { page } = board
  const go = (path: string): Promise<void> =>
    page.evaluate((hash) => {
      location.hash = hash
    }, `#${path}`)
  await go(`/lab/${lab.name}/timeline`)
  await expect(page.getByRole('link', { name: 'Timeline' })).toHaveAttribute('aria-current', 'page')
  await go('/lab/no-such-lab')
  await expect(page.locator('[data-link="nowhere"]')).toContainText('There is no lab “no-such-lab”')
  await go(`/lab/${lab.name}/delete`)
  await expect(page.locator('[data-link="nowhere"]')).toContainText('This link leads nowhere')
  await go(`/lab/${lab.name}/node/node01`)
  await expect(board.node('node01')).toHaveAttribute('data-state', 'running')

  // A browser has no instances, and real Electron is started by Playwright itself.
  if (shell !== 'electron-standin') return
  await test.step('when the app is started again with a link, then the first opens it and the second ends', async () => {
    const register = join(ROOT, 'tests/e2e/electron-stand-in/register.ts')
    const words = ['--import', register, join(ROOT, 'out/main/index.js'), `node-lab://lab/${lab.name}/timeline`]
    const second = spawnSync(process.execPath, words, { encoding: 'utf8', timeout: 60_000 })
    expect(second.status, second.stderr).toBe(0)
    await expect(page.getByRole('link', { name: 'Timeline' })).toHaveAttribute('aria-current', 'page')
  })
})
