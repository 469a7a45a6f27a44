/** Shells on a node and in a container, in tabs and panes, found again after a reload. */
import { RUN_FOREVER, shellManifest } from '../../../support/manifests.ts'
import { TerminalPage } from '../../pages/terminal-page.ts'
import { expect, test } from '../../support/app-fixture.ts'
import { expectAccessible } from '../../support/expect-accessible.ts'
import { keepScreenshots } from '../../support/keep-screenshots.ts'

test('given a lab, when shells are opened on a node and in a container, then they can be used, split, searched and found again', async ({
  board: { page },
  lab,
}) => {
  const terminals = new TerminalPage(page)
  const first = terminals.screens.first()
  await lab.write('node01', 'steady.yaml', shellManifest('steady', RUN_FOREVER))
  await terminals.open()
  await terminals.closeAll()

  await test.step('the empty page offers every node', async () => {
    await expect(terminals.choice('node02')).toBeVisible()
    await expect(page.getByRole('button', { name: 'main · steady-node01' })).toBeVisible()
    await expectAccessible(page, 'terminals, empty')
    await keepScreenshots(page, 'terminals-empty')
  })

  await test.step('a node’s shell takes the keyboard, and knows the size of its pane', async () => {
    await terminals.choice('node01').click()
    await expect(first).toHaveAttribute('data-phase', 'following')
    await terminals.expectText(first, 'root@node01:~#')
    await terminals.run('ls /etc/kubernetes/manifests; echo columns=$(stty size | cut -d" " -f2)')
    await terminals.expectText(first, 'steady.yaml')
    await terminals.expectText(first, /columns=\d{2,3}/)
  })

  await test.step('a split pane is narrower, and its own shell', async () => {
    const columns = async (screen: typeof first): Promise<number> =>
      Number(/columns=(\d+)/.exec((await screen.locator('.xterm-rows').textContent()) ?? '')?.[1])
    const before = await columns(first)
    await terminals.button('Split to the right').click()
    const second = terminals.screens.nth(1)
    await terminals.expectText(second, 'root@node01:~#')
    await terminals.run('echo columns=$(stty size | cut -d" " -f2)')
    await terminals.expectText(second, /columns=\d{2,3}/)
    expect(await columns(second)).toBeLessThan(before * 0.6)
    await terminals.run('top -d 1')
    await terminals.expectText(second, /load average/)
    await page.keyboard.press('q')
  })

  await test.step('what was written can be found', async () => {
    await first.getByRole('button', { name: 'Find in the terminal' }).click()
    await page.keyboard.type('steady')
    await expect(first.getByRole('search')).toContainText('1 of 1')
    await keepScreenshots(page, 'terminals')
    await expectAccessible(page, 'terminals')
    await first.getByRole('textbox', { name: 'Find' }).press('Escape')
    await page.keyboard.press('F6')
    await expect(first.getByRole('button', { name: 'Find in the terminal' })).toBeFocused()
  })

  await test.step('a reload finds both shells, with what they wrote', async () => {
    await page.reload()
    await expect(terminals.screens).toHaveCount(2)
    await terminals.expectText(first, 'steady.yaml')
    await terminals.expectText(terminals.screens.nth(1), 'PID USER')
  })

  await test.step('a flood does not keep Ctrl+C out', async () => {
    await first.locator('textarea').focus()
    await terminals.run('yes flood')
    await terminals.expectText(first, 'flood')
    await page.keyboard.press('Control+c')
    await terminals.run('clear; echo after the $((6 * 7)) floods')
    await terminals.expectText(first, 'after the 42 floods')
  })

  await test.step('several pasted lines are shown first', async () => {
    await first.locator('textarea').evaluate((field) => {
      const clipboardData = new DataTransfer()
      clipboardData.setData('text/plain', 'echo one $((1 + 1))\necho three $((2 + 2))\n')
      field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }))
    })
    const dialog = page.getByRole('dialog', { name: 'Paste 2 lines?' })
    await dialog.getByRole('button', { name: 'Paste', exact: true }).click()
    await page.keyboard.press('Enter')
    await terminals.expectText(first, /three 4/)
  })

  await test.step('hostile output opens and copies nothing', async () => {
    const link = String.raw`\e]8;;https://example.com/\e\\click\e]8;;\e\\`
    await terminals.run(String.raw`printf '\e]52;c;aGFja2Vk\a\e]0;<b>title</b>\a${link} done\n'`)
    await terminals.expectText(first, 'click done')
    await expect(first).toContainText('<b>title</b>')
  })

  await test.step('a shell in a container ends with exit, and another can be had', async () => {
    await terminals.chooseNew('main · steady-node01')
    const screen = terminals.screens.first()
    await terminals.expectText(screen, 'steady-node01/main:/#')
    await terminals.run('exit 3')
    await expect(screen).toHaveAttribute('data-phase', 'ended')
    await expect(screen.locator('[data-notice]')).toContainText('exit code 3')
    await screen.getByRole('button', { name: 'Start a new shell' }).last().click()
    await expect(screen).toHaveAttribute('data-phase', 'following')
    await terminals.run('echo $((6*7))-$(hostname)')
    await terminals.expectText(screen, '42-steady-node01')
  })

  await test.step('the board’s node leads to its shell, the one that runs', async () => {
    await page.getByRole('navigation', { name: 'Places' }).getByRole('link', { name: 'Board' }).click()
    await page.getByRole('button', { name: 'Actions for node01' }).click()
    await page.getByRole('menuitem', { name: 'Open a shell on node01' }).click()
    await expect(terminals.tab('node01')).toHaveAttribute('aria-selected', 'true')
    await terminals.expectText(first, 'click done')
  })

  await test.step('closed tabs leave the empty page', async () => {
    await terminals.tab('main · steady-node01').press('Delete')
    await terminals.tab('node01').press('Delete')
    await expect(terminals.choice('node01')).toBeVisible()
  })
})
