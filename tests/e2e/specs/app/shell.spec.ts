/** What surrounds the places: the palette and shortcuts, appearance, tasks and messages, by keyboard alone where that is the point. */
import { ShellPage } from '../../pages/shell-page.ts'
import { expect, test } from '../../support/app-fixture.ts'
import { expectAccessible } from '../../support/expect-accessible.ts'
import { keepScreenshots } from '../../support/keep-screenshots.ts'

test('given the keyboard alone, when a sample is put on a node, its logs opened and its kubelet restarted from the palette, then each happens', async ({
  board,
  lab,
}) => {
  const shell = new ShellPage(board.page)
  await shell.run('put hello node02', 'Put hello.yaml on node02')
  await board.waitForRunning('hello-node02')
  expect(await lab.files('node02')).toEqual(['hello.yaml'])

  await shell.run('logs hello', 'Logs of hello-node02')
  await expect(board.inspector).toBeVisible()
  await board.page.locator('h1').first().click()
  await board.page.keyboard.press('Escape')
  await expect(board.inspector).toHaveCount(0)

  await shell.run('restart kubelet node02', 'Restart the kubelet of node02')
  await board.page.getByRole('dialog').getByRole('button', { name: 'Restart the kubelet' }).press('Enter')
  await expect(board.node('node02')).toHaveAttribute('data-kubelet', 'running')
  await board.page.keyboard.press('F1')
  await expect(shell.palette.getByRole('group').first()).toContainText('Restart the kubelet of node02')
  await expectAccessible(board.page, 'palette')
  await board.page.keyboard.press('Escape')
  await keepScreenshots(board.page, 'palette', () => shell.open('F1'))
})

test('given shortcuts, then the list of them opens, places are gone to and back, and messages are kept', async ({
  board,
}) => {
  const { page } = board
  const shell = new ShellPage(page)
  await page.keyboard.press('?')
  await expect(shell.shortcutList).toBeVisible()
  await expectAccessible(page, 'list of shortcuts')
  await page.keyboard.press('Escape')
  await expect(shell.shortcutList).toHaveCount(0)
  await keepScreenshots(page, 'shortcuts', () => shell.open('?'))
  await page.keyboard.press('g')
  await page.keyboard.press('t')
  await expect(page.getByRole('link', { name: 'Timeline' })).toHaveAttribute('aria-current', 'page')
  await page.keyboard.press('Control+,')
  await expect(page.getByRole('heading', { name: 'Settings', level: 1 })).toBeVisible()
  await page.keyboard.press('Alt+ArrowLeft')
  await expect(page.getByRole('link', { name: 'Timeline' })).toHaveAttribute('aria-current', 'page')
  await page.keyboard.press('g')
  await page.keyboard.press('b')
  await shell.run('put web node01', 'Put web.yaml on node01')
  await page.keyboard.press('o')
  await page.keyboard.press('m')
  await expect(page.getByRole('dialog', { name: 'Messages' })).toContainText('web.yaml')
  await expectAccessible(page, 'messages')
  await page.keyboard.press('Escape')
  await keepScreenshots(page, 'messages', () => shell.open('o', 'm'))
})

test('given settings, when theme, zoom and presenter mode are changed, then the window follows, also after a reload', async ({
  board,
}) => {
  const { page } = board
  const shell = new ShellPage(page)
  await board.openPlace('Settings')
  await expect(page.locator('[data-about]')).toContainText('Apache-2.0')
  await expectAccessible(page, 'settings')
  await keepScreenshots(page, 'settings')

  await page.getByRole('radio', { name: 'High contrast' }).click()
  await expect(shell.html).toHaveAttribute('data-contrast', 'more')
  await expectAccessible(page, 'settings in high contrast')
  await page.reload()
  await expect(shell.html).toHaveAttribute('data-contrast', 'more')

  await page.keyboard.press('F9')
  await expect(shell.html).toHaveAttribute('data-presenter', 'on')
  await expect(page.locator('[data-key-echo]')).toHaveText('F9')
  await expect.poll(() => shell.typeSize()).toBeGreaterThan(19)
  await page.getByRole('button', { name: 'End presenter mode' }).click()
  await expect.poll(() => shell.typeSize()).toBeLessThan(17)

  await page.keyboard.press('Control+-')
  await expect(page.locator('[data-zoom]')).toHaveText('83%')
  await page.keyboard.press('Control+0')
  await expect(page.locator('[data-zoom]')).toHaveText('100%')
})
