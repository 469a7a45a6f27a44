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

  await test.step('and when the same is to be put there again, then the dialog says that nothing changes', async () => {
    await board.button('Add hello.yaml to a node').click()
    await dialog.getByRole('radio', { name: 'node02' }).check()
    await expect(dialog).toContainText(
      'Nothing changes: the hello.yaml on node02 already gives this very pod hello-node02',
    )
    await dialog.getByRole('button', { name: 'Cancel' }).click()
  })
})

test('given words in the dialog, when Escape is pressed, then first the text is left, then the dialog, and the words are kept', async ({
  board,
}) => {
  const { page } = board
  const dialog = page.getByRole('dialog', { name: 'Add a manifest' })
  const text = dialog.locator('.cm-content')
  await board.button('Add hello.yaml to a node').click()
  await text.click()
  await page.keyboard.press('Control+End')
  // As pasted: typing may open a completion, which Escape closes before anything else.
  await page.keyboard.insertText('# my own words')
  await page.keyboard.press('Escape')
  await expect(text).not.toBeFocused()
  await page.keyboard.press('Tab')
  await expect(dialog.getByRole('button', { name: 'Cancel' })).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await board.button('Add hello.yaml to a node').click()
  await expect(text).toContainText('# my own words')
  await dialog.getByRole('button', { name: 'Start anew' }).click()
  await expect(text).not.toContainText('# my own words')
  await dialog.getByRole('button', { name: 'Cancel' }).click()
})

test('given a sample, when it is dragged onto node01, then node01 runs it', async ({ board }) => {
  await board.page.locator('[data-sample="hello"]').dragTo(board.node('node01'))
  await board.waitForRunning('hello-node01')
})

test('given samples with long lines, when each is clicked, then the dialog shows its buttons, and only the text scrolls sideways', async ({
  board,
}) => {
  const { page } = board
  const size = page.viewportSize()
  const samples = page.locator('[data-sample]')
  const dialog = page.getByRole('dialog', { name: 'Add a manifest' })
  for (const width of [900, 1440]) {
    await page.setViewportSize({ width, height: 900 })
    for (const sample of await samples.all()) {
      await sample.click()
      await expect(dialog.locator('.cm-line').first()).toBeVisible()
      // Asked of what is seen: a click would scroll it into sight.
      for (const button of await dialog.getByRole('button', { name: /^(Cancel|Put it on|Replace it on)/ }).all())
        await expect(button).toBeInViewport({ ratio: 1 })
      expect(await dialog.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)
      await dialog.getByRole('button', { name: 'Cancel' }).click()
      await expect(dialog).toHaveCount(0)
    }
  }
  if (size !== null) await page.setViewportSize(size)
})

test('given two nodes, when one is added and removed again, then it appears, runs a kubelet, and goes', async ({
  board,
  lab,
}) => {
  await board.button('Add a node').click()
  await expect(board.node('node03')).toHaveAttribute('data-state', 'running')

  await test.step('and its settings say where they are, are checked, and are written into its files', async () => {
    const { page } = board
    const sheet = page.getByRole('dialog', { name: 'Settings of node03' })
    const field = sheet.getByRole('textbox', { name: 'Max pods' })
    const apply = sheet.getByRole('button', { name: 'Apply and restart the kubelet' })
    await board.button('Actions for node03').click()
    await page.getByRole('menuitem', { name: 'Settings…' }).click()
    await expect(sheet.getByRole('region', { name: '/var/lib/kubelet/config.yaml' })).toBeVisible()
    await field.fill('many')
    await expect(sheet).toContainText('A whole number from 0 to 99999.')
    await expect(apply).toBeDisabled()
    await field.fill('20')
    await expectAccessible(page, 'node settings')
    await apply.click()
    await expect(board.toast.filter({ hasText: 'Settings of node03 were changed: Max pods' })).toBeVisible()
    await expect(sheet).toHaveCount(0)
    expect(await lab.cli('node', 'settings', 'node03')).toMatch(/maxPods +20 +.*config\.yaml +maxPods/)
  })

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
