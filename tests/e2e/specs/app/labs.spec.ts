/** Labs as wholes, on a real engine and by the keyboard: cloned, exported, deleted, imported, renamed. */
import { join } from 'node:path'
import { mkdtempSync, rmSync } from 'node:fs'
import { LabsPage } from '../../pages/labs-page.ts'
import { expect, test } from '../../support/app-fixture.ts'
import { expectAccessible } from '../../support/expect-accessible.ts'
import { keepScreenshots } from '../../support/keep-screenshots.ts'

/** A lab starts within this, also on a busy machine. */
const START_MS = 90_000

test('given a lab, when it is cloned, exported, deleted, imported and renamed, then the list follows and the lab on the board is not touched', async ({
  board,
  lab,
}) => {
  test.setTimeout(4 * START_MS)
  const { page } = board
  const labs = new LabsPage(page)
  const folder = mkdtempSync('/tmp/node-lab-e2e-archives-')
  const clone = `${lab.name}-2`
  const renamed = `${lab.name}-3`
  await lab.write(
    'node01',
    'web.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n',
  )
  try {
    await labs.open()
    await expect(labs.row(lab.name)).toHaveAttribute('data-state', 'running')
    await expectAccessible(page, 'labs')
    await keepScreenshots(page, 'labs')

    await test.step('when it is cloned without a start, then the clone is there, stopped', async () => {
      await labs.choose(lab.name, 'Clone…')
      await labs.dialog.getByLabel('New name').fill(clone)
      await labs.dialog.getByLabel('Start it right away').uncheck()
      await expectAccessible(page, 'clone-lab')
      await page.keyboard.press('Enter')
      await expect(labs.row(clone)).toHaveAttribute('data-state', 'stopped', { timeout: START_MS })
    })

    const file = join(folder, 'clone.lab.tar.gz')
    await test.step('when the clone is exported, then a note says what the file needs', async () => {
      await labs.choose(clone, 'Export to a file')
      const note = board.toast.filter({ hasText: `The lab “${clone}” was exported` })
      await expect(note).toContainText('Images that it needs, which are not in the file: nginx.', { timeout: START_MS })
      await lab.cli('up')
    })

    await test.step('when it is deleted, then it goes from the list', async () => {
      await labs.choose(clone, 'Delete the lab…')
      await labs.dialog.getByRole('button', { name: 'Delete the lab' }).press('Enter')
      await expect(labs.row(clone)).toHaveCount(0, { timeout: START_MS })
    })

    await test.step('when a file that is no lab is imported by its path, then that is said and the question stays', async () => {
      await labs.button('Import a lab…').press('Enter')
      await labs.dialog.getByLabel('File', { exact: true }).fill(join(folder, 'none.lab.tar.gz'))
      await expectAccessible(page, 'import-lab')
      await page.keyboard.press('Enter')
      await expect(board.toast.filter({ hasText: 'there is no file' })).toBeVisible()
      await lab.exportTo(file)
      await labs.dialog.getByLabel('File', { exact: true }).fill(file)
      await labs.dialog.getByLabel('Name (empty: as in the file)').fill(clone)
      await page.keyboard.press('Enter')
      await expect(labs.row(clone)).toHaveAttribute('data-state', 'stopped', { timeout: START_MS })
    })

    await test.step('when it is renamed, then the list has the new name alone', async () => {
      await labs.choose(clone, 'Rename…')
      await labs.dialog.getByLabel('New name').fill(lab.name)
      await expect(labs.dialog.getByText(`There is a lab “${lab.name}” already.`)).toBeVisible()
      await labs.dialog.getByLabel('New name').fill(renamed)
      await page.keyboard.press('Enter')
      await expect(labs.row(renamed)).toHaveAttribute('data-state', 'stopped', { timeout: START_MS })
      await expect(labs.row(clone)).toHaveCount(0)
    })

    await expect(labs.row(lab.name)).toHaveAttribute('data-state', 'running')
  } finally {
    await lab.deleteOthers(clone, renamed)
    rmSync(folder, { recursive: true, force: true })
  }
})
