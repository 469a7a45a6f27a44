/** A manifest is written with the kubelet's judgement beside it, saved after a look at the difference, and had back. */
import { EditorPage } from '../../pages/editor-page.ts'
import { expect, test } from '../../support/app-fixture.ts'
import { expectAccessible } from '../../support/expect-accessible.ts'
import { keepScreenshots } from '../../support/keep-screenshots.ts'

const FIRST = `apiVersion: v1
kind: Pod
metadata:
  name: edited
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: main
      image: busybox
      command: [sleep, '3600']
`

test('given a running pod, when its manifest is edited, mended, saved and brought back, then each time the kubelet replaces the pod', async ({
  board,
  lab,
}) => {
  const { page } = board
  const editor = new EditorPage(page, lab.name)
  await lab.write('node01', 'edited.yaml', FIRST)
  await board.waitForRunning('edited-node01')
  await editor.open('node01', 'edited.yaml')
  await expect(page.locator('[data-verdict="accepted"]')).toBeVisible()
  const firstUid = await editor.uid()

  await test.step('when a field is completed by the keyboard, then key and value are written', async () => {
    await editor.typeAtEnd('  restartP')
    await editor.complete('restartPolicy')
    await editor.complete('Always')
    await expect(editor.text).toContainText('restartPolicy: Always')
  })

  await test.step('when a field is misspelt, then it is marked at its line, and a quick fix mends it', async () => {
    await editor.text.press('Enter')
    await editor.text.pressSequentially('hostNetwrk: false')
    await editor.text.press('Escape')
    await expect(editor.problem(12)).toContainText('has no field hostNetwrk')
    await expect(editor.problemCount).toHaveText('1 problem')
    await expect(page.locator('.cm-lintRange-warning')).toHaveText('hostNetwrk')
    await expectAccessible(page, 'the editor with a problem')
    await keepScreenshots(page, 'editor')
    await editor.problem(12).getByRole('button', { name: 'Rename to hostNetwork' }).click()
    await expect(editor.problemCount).toHaveText('no problems')
  })

  await test.step('when only what is the default anyway was written, then it is foretold that nothing restarts', async () => {
    await editor.save('same')
    await expect(page.locator('[data-dirty]')).toHaveAttribute('data-dirty', 'false')
  })

  await test.step('when the command changes and is saved, then the pod is replaced by one with another UID', async () => {
    await editor.text.press('Control+Home')
    for (let line = 1; line < 10; line += 1) await editor.text.press('ArrowDown')
    await editor.text.press('End')
    await editor.text.press('ArrowLeft')
    await editor.text.press('ArrowLeft')
    await editor.text.pressSequentially('0')
    await editor.text.press('Control+s')
    await expect(editor.dialog.locator('[data-consequence]')).toHaveAttribute('data-consequence', 'replaced')
    await expectAccessible(page, 'the difference before saving')
    await editor.dialog.locator('[data-confirm-save]').click()
    await expect(page.locator('[data-uid]')).not.toHaveAttribute('data-uid', firstUid)
    await expect(page.locator('[data-verdict="accepted"]')).toBeVisible()
  })

  await test.step('when the first version is restored, then the pod is the one that it was', async () => {
    await page.getByRole('button', { name: 'Versions', exact: true }).click()
    const first = editor.dialog.locator('[data-version]').last()
    await expect(first).toHaveAttribute('data-by', 'outside')
    await first.click()
    await expectAccessible(page, 'the versions of a file')
    await editor.dialog.locator('[data-restore]').click()
    await expect(page.locator('[data-uid]')).toHaveAttribute('data-uid', firstUid)
    await expect(editor.text).not.toContainText('restartPolicy')
  })

  await test.step('when words are typed that begin shortcuts elsewhere, then they are only text', async () => {
    const address = page.url()
    await editor.typeAtEnd('# command: [a] args: [b]')
    await expect(editor.text).toContainText('# command: [a] args: [b]')
    await expect(page).toHaveURL(address)
    await page.getByRole('button', { name: 'Discard my changes' }).click()
    await expect(page.locator('[data-dirty]')).toHaveAttribute('data-dirty', 'false')
  })

  await test.step('when somebody else writes meanwhile, then neither text is lost', async () => {
    await editor.typeAtEnd('# mine')
    await lab.write('node01', 'edited.yaml', `# theirs\n${FIRST}`)
    await expect(page.locator('[data-changed-on-disk]')).toBeVisible()
    await editor.text.press('Control+s')
    await expect(editor.dialog.locator('[data-conflict]')).toContainText('# mine')
    await editor.dialog.getByRole('button', { name: 'Take theirs' }).click()
    await expect(editor.text).toContainText('# theirs')
    await editor.text.press('Control+z')
    await expect(editor.text).toContainText('# mine')
  })

  await test.step('when the page is loaded anew, then the unsaved text is there and says so', async () => {
    await page.reload()
    await expect(page.locator('[data-kept]')).toBeVisible()
    await expect(editor.text).toContainText('# mine')
    await page.getByRole('button', { name: 'Discard my changes' }).click()
    await expect(editor.text).toContainText('# theirs')
  })

  await test.step('when the file is removed and a version of it restored, then its pod runs again', async () => {
    await lab.reset()
    await editor.openFolderHistory('node01')
    await expect(page.locator('[data-version]').first()).toContainText('removed')
    await keepScreenshots(page, 'folder-history')
    await page.locator('[data-version][data-by="window"]').first().click()
    await expectAccessible(page, 'the versions of a folder')
    await page.locator('[data-restore]').click()
    await expect.poll(() => lab.files('node01')).toEqual(['edited.yaml'])
    await page.evaluate(() => (location.hash = '#/'))
    await board.waitForRunning('edited-node01')
  })
})
