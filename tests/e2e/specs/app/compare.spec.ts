/** The comparison on a real lab: agents are set up from the window, one experiment is run, and its verdict fills the table. */
import { BoardPage } from '../../pages/board-page.ts'
import { ComparePage } from '../../pages/compare-page.ts'
import { expect, test } from '../../support/app-fixture.ts'
import { E2eLab } from '../../support/e2e-lab.ts'
import { expectAccessible } from '../../support/expect-accessible.ts'
import { keepScreenshots } from '../../support/keep-screenshots.ts'

const SLOW_MS = 180_000

test('given a lab with a control plane, when the agents’ pods are deleted through the API, then the verdict tells the sides apart and the table keeps it', async ({
  board: { page },
  lab,
  shell,
}) => {
  test.setTimeout(600_000)
  const own = new E2eLab(`${lab.name}-compare`)
  const board = new BoardPage(page, own.name)
  const compare = new ComparePage(page)
  try {
    await own.cli('up', '--nodes', '1', '--control-plane')
    await board.button('Choose a lab').click()
    await page.getByRole('menuitem', { name: own.name, exact: true }).click()
    await expect(page.locator('[data-api-server]')).toHaveAttribute('data-api-server', 'ready', { timeout: SLOW_MS })
    await compare.open()

    await test.step('when the agents are put on the nodes, then each side has its pod, and its way is lit to the end', async () => {
      await expect(compare.cell('deletable', 'static')).toContainText('not observed yet')
      await board.button('Put the agents on the nodes').click()
      for (const side of ['static', 'daemonSet'] as const)
        await expect(compare.agents(side)).toHaveAttribute('data-status', 'Running', { timeout: SLOW_MS })
      await expect(compare.station('static', 'mirror')).toHaveAttribute('data-state', 'reached')
      for (const station of ['controller', 'scheduler', 'kubelet', 'pod'])
        await expect(compare.station('daemonSet', station)).toHaveAttribute('data-state', 'reached')
      await expect(compare.station('daemonSet', 'etcd')).toHaveAttribute('data-state', 'passed')
    })

    await test.step('when the experiment runs, then its verdict holds the guess, and its evidence opens', async () => {
      await compare.run('delete-pod', 'only-the-daemon-set-pod-ends')
      const result = compare.result('delete-pod')
      await expect(result).toHaveAttribute('data-outcome', 'finished', { timeout: SLOW_MS })
      await expect(result).toHaveAttribute('data-against', '0')
      await expect(result.locator('[data-guess-held]')).toContainText('Your guess was right')
      const answer = result.locator('[data-observation="deletable"]')
      await expect(answer.locator('[data-answer-side="static"]')).toContainText('no')
      await expect(answer.locator('[data-answer-side="daemonSet"]')).toContainText('yes')
      await answer.locator('[data-answer-side="daemonSet"]').getByRole('button').click()
      await expect(page.locator('[data-evidence-sheet] [data-evidence]').first()).toBeVisible()
      await page.keyboard.press('Escape')
      await expectAccessible(page, 'compare')
      await keepScreenshots(page, 'compare')
    })

    await expect(compare.cell('deletable', 'static').locator('[data-cell-answer]')).toContainText('no')
    await expect(compare.cell('deletable', 'daemonSet').locator('[data-cell-answer]')).toContainText('yes')
    await expect(compare.cell('rolls-out', 'static')).toContainText('not observed yet')
    // A page of the stand-in for Electron has no downloads; what is saved is the same.
    if (shell !== 'browser') return
    const { name, bytes } = await compare.export('Markdown')
    expect(name).toMatch(new RegExp(`^node-lab-${own.name}-compare-.*Z\\.md$`))
    expect(bytes.toString('utf8')).toContain('experiment delete-pod')
  } finally {
    await own.cli('delete')
  }
})
