/** Around the main job: the sample shelf, nodes that come and go, language and appearance. */
import { ShellPage } from '../../pages/shell-page.ts'
import { expect, test } from '../../support/app-fixture.ts'
import { expectAccessible } from '../../support/expect-accessible.ts'
import { keepScreenshots } from '../../support/keep-screenshots.ts'

test('given the sample shelf, when a sample is added to node02 by its button, then node02 runs it', async ({
  board,
  lab,
}) => {
  await expect(board.page.getByRole('region', { name: 'Samples' })).toBeVisible()
  await board.button('Add hello.yaml to a node').click()
  const dialog = board.page.getByRole('dialog', { name: 'Add a manifest' })
  await dialog.getByRole('radio', { name: 'node02' }).check()
  await dialog.getByRole('button', { name: 'Put it on node02' }).click()
  await expect(board.file('node02', 'hello.yaml')).toHaveAttribute('data-verdict', 'accepted')
  await board.waitForRunning('hello-node02')
  expect(await lab.files('node02')).toEqual(['hello.yaml'])
})

test('given a sample, when it is dragged onto node01, then node01 runs it', async ({ board }) => {
  await board.page.locator('[data-sample="hello"]').dragTo(board.node('node01'))
  await board.waitForRunning('hello-node01')
})

test('given two nodes, when one is added and removed again, then it appears, runs a kubelet, and goes', async ({
  board,
}) => {
  await board.button('Add a node').click()
  await expect(board.node('node03')).toHaveAttribute('data-state', 'running')
  await board.button('Actions for node03').click()
  await board.page.getByRole('menuitem', { name: 'Remove the node…' }).click()
  await board.page.getByRole('dialog').getByRole('button', { name: 'Remove node03' }).click()
  await expect(board.node('node03')).toHaveCount(0)
  await expect(board.node('node01')).toHaveAttribute('data-state', 'running')

  await test.step('and the task manager has kept both tasks', async () => {
    const { page } = board
    const shell = new ShellPage(page)
    await shell.open('o', 't')
    for (const name of ['node-add', 'node-remove'])
      await expect(page.locator(`[data-task="${name}"]`).first()).toHaveAttribute('data-state', 'done')
    await expectAccessible(page, 'task manager')
    await page.keyboard.press('Escape')
    await keepScreenshots(page, 'tasks', () => shell.open('o', 't'))
  })
})

test('given English, when Korean is chosen, then the page speaks Korean, also after a reload', async ({ board }) => {
  const { page } = board
  await board.button('Switch the language to 한국어').click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'ko')
  await expect(page.getByRole('link', { name: '설정' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('link', { name: '설정' })).toBeVisible()
  await page.getByRole('button', { name: /English/ }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', 'en')
})

test('given the light appearance, when the dark one is chosen, then the page turns dark, also after a reload', async ({
  board,
}) => {
  const { page } = board
  const brightness = (): Promise<number> =>
    page.evaluate(() => {
      const pixel = document.createElement('canvas').getContext('2d')
      if (pixel === null) throw new Error('no canvas')
      pixel.fillStyle = getComputedStyle(document.body).backgroundColor
      pixel.fillRect(0, 0, 1, 1)
      return pixel.getImageData(0, 0, 1, 1).data[0] ?? 0
    })
  await board.openPlace('Settings')
  await page.getByRole('radio', { name: 'Light' }).click()
  await expect.poll(brightness).toBeGreaterThan(200)
  await page.getByRole('radio', { name: 'Dark' }).click()
  await expect.poll(brightness).toBeLessThan(80)
  await page.reload()
  await expect.poll(brightness).toBeLessThan(80)
})
