/** Manifests carried about the board: by pointer, by keyboard, from outside, into the bin, and back again. */
import { RUN_FOREVER, shellManifest, webManifest } from '../../../support/manifests.ts'
import { EditorPage } from '../../pages/editor-page.ts'
import { expect, test } from '../../support/app-fixture.ts'
import { expectAccessible } from '../../support/expect-accessible.ts'
import { keepScreenshots } from '../../support/keep-screenshots.ts'

test('given a running pod, when its file is moved, copied, binned and taken back, then the pods follow it', async ({
  board,
  lab,
}) => {
  const { page } = board
  await lab.write('node01', 'steady.yaml', shellManifest('steady', RUN_FOREVER))
  await board.waitForRunning('steady-node01')

  await test.step('over node02 it is told what will happen, and after the drop it has happened', async () => {
    await board.drag(board.file('node01', 'steady.yaml'), board.node('node02'), {
      whileOver: async () => {
        const preview = page.locator('[data-preview="node02"]')
        await expect(preview).toContainText('Move to node02')
        await expect(preview).toContainText('Pod steady-node02 will start on node02')
        await expect(page.locator('[data-announcement]')).toContainText('steady.yaml, over node02')
      },
    })
    await board.waitForRunning('steady-node02')
    await expect(board.pod('steady-node01')).toHaveCount(0)
    expect([await lab.files('node01'), await lab.files('node02')]).toEqual([[], ['steady.yaml']])
  })
  await test.step('with Ctrl it is copied', async () => {
    await board.drag(board.file('node02', 'steady.yaml'), board.node('node01'), { copy: true })
    await board.waitForRunning('steady-node01')
    expect([await lab.files('node01'), await lab.files('node02')]).toEqual([['steady.yaml'], ['steady.yaml']])
  })
  await test.step('over the bin it goes, and Ctrl+Z brings it back', async () => {
    await board.drag(board.file('node02', 'steady.yaml'), page.locator('[data-bin]'))
    await expect(board.pod('steady-node02')).toHaveCount(0)
    expect(await lab.files('node02')).toEqual([])
    await page.keyboard.press('Control+z')
    await board.waitForRunning('steady-node02')
  })
})

test('given a folder and two picked nodes, when it is dropped on one, then both run its pods and the rest is named', async ({
  board,
  lab,
}) => {
  const { page } = board
  await board.button('node01').click()
  await board.button('node02').click()
  const files = {
    'one.yaml': shellManifest('one', RUN_FOREVER),
    'two.yaml': shellManifest('two', RUN_FOREVER),
    'notes.txt': 'no manifest',
  }
  await board.dropFolderFromOutside('node02', files, board.file('node02', 'two.yaml'))
  for (const pod of ['one-node01', 'two-node01', 'one-node02', 'two-node02']) await board.waitForRunning(pod)
  await expect(board.toast.filter({ hasText: 'notes.txt' })).toBeVisible()
  expect(await lab.files('node01')).toEqual(['one.yaml', 'two.yaml'])
  await expectAccessible(page, 'board')
  await keepScreenshots(page, 'board')
})

test('given the keyboard alone, when a file is cut, pasted, copied by the menu and deleted, then the nodes have what was asked for', async ({
  board,
  lab,
}) => {
  const { page } = board
  await lab.write('node01', 'quiet.yaml', shellManifest('quiet', RUN_FOREVER))
  await board.waitForRunning('quiet-node01')
  await board.button('node01').focus()
  await page.keyboard.press('ArrowDown')
  await expect(board.button('Open quiet.yaml')).toBeFocused()
  await page.keyboard.press('Control+x')
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowRight')
  await expect(board.button('node02')).toBeFocused()
  await page.keyboard.press('Control+v')
  await board.waitForRunning('quiet-node02')
  await expect(board.file('node01', 'quiet.yaml')).toHaveCount(0)

  await board.button('Actions for quiet.yaml').press('Enter')
  await page.getByRole('menuitem', { name: 'Copy to…' }).press('Enter')
  const dialog = page.getByRole('dialog', { name: /Copy quiet\.yaml/ })
  await dialog.getByRole('checkbox', { name: 'node01' }).press('Space')
  await expect(dialog).toContainText('Pod quiet-node01 will start on node01')
  await dialog.getByRole('button', { name: 'Copy' }).press('Enter')
  await board.waitForRunning('quiet-node01')

  await test.step('when Edit is chosen in the menu, then the editor has the file, and Back leads to the board again', async () => {
    const menu = board.file('node02', 'quiet.yaml').getByRole('button', { name: 'Actions for quiet.yaml' })
    await menu.press('Enter')
    await page.getByRole('menuitem', { name: 'Edit' }).press('Enter')
    await expect(new EditorPage(page, lab.name).text).toContainText('"name":"quiet"')
    await page.goBack()
  })

  await board.file('node02', 'quiet.yaml').getByRole('button', { name: 'Open quiet.yaml' }).press('Delete')
  await expect(board.pod('quiet-node02')).toHaveCount(0)
  expect([await lab.files('node01'), await lab.files('node02')]).toEqual([['quiet.yaml'], []])
})

test('given a file of that name, when another is dropped, then the preview of the question tells it, and both can be kept', async ({
  board,
  lab,
}) => {
  await lab.write('node01', 'web.yaml', shellManifest('first', RUN_FOREVER))
  await board.waitForRunning('first-node01')
  const other = webManifest.replace('name: web', 'name: second').replace('image: nginx', 'image: ghost.invalid/app:9')
  const dialog = board.page.getByRole('dialog', { name: 'Replace web.yaml on node01?' })
  await board.dropFolderFromOutside('node01', { 'web.yaml': other }, dialog)
  await expect(dialog).toContainText('Pod second-node01 will start on node01')
  await expect(dialog).toContainText('The image ghost.invalid/app:9 is not here')
  await dialog.getByRole('button', { name: 'Keep both, as web-2.yaml' }).click()
  await expect(board.file('node01', 'web-2.yaml')).toHaveAttribute('data-verdict', 'accepted')
  expect(await lab.files('node01')).toEqual(['web-2.yaml', 'web.yaml'])
})
