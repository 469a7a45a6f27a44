/** A pod's page on a real pod: it crashes and fails its probes while somebody watches; its logs are searched and saved. */
import { readFile } from 'node:fs/promises'
import { shellManifest } from '../../../support/manifests.ts'
import { EditorPage } from '../../pages/editor-page.ts'
import { PodPage, type PodTab } from '../../pages/pod-page.ts'
import { expect, test } from '../../support/app-fixture.ts'
import { expectAccessible } from '../../support/expect-accessible.ts'
import { keepScreenshots } from '../../support/keep-screenshots.ts'

const SCRIPT = `trap 'exit 0' TERM; touch /tmp/ok; printf '\\033[32mready\\033[0m to serve\\n'; n=0
while :; do n=$((n+1)); echo "needle number $n"; [ $n -lt 40 ] || sleep 1; done`

function manifest(name: string): string {
  const probe = { exec: { command: ['test', '-f', '/tmp/ok'] }, periodSeconds: 1, failureThreshold: 2 }
  const container = {
    ...{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', SCRIPT] },
    env: [{ name: 'API_TOKEN', value: 'do-not-show' }],
    readinessProbe: probe,
  }
  const once = { name: 'first', image: 'busybox:1.36', command: ['sh', '-c', 'echo prepared'] }
  return shellManifest(name, '', {
    terminationGracePeriodSeconds: 1,
    initContainers: [once],
    containers: [container],
  })
}

test('given a pod on its page, when it crashes and its probe fails, then picture, strip, events and logs tell it', async ({
  board,
  lab,
  shell,
}) => {
  test.setTimeout(180_000)
  const name = `watched-${shell}`
  const pod = `${name}-node01`
  const { page } = board
  const view = new PodPage(page)
  await lab.write('node01', 'watched.yaml', manifest(name))
  await board.waitForRunning(pod, 0)
  await view.openFromBoard(pod)

  await test.step('given it runs, then the picture and the strips say so, the init container’s too', async () => {
    await expect(view.state('Running')).toHaveAttribute('data-lit', 'true')
    await expect(view.strip('main')).toHaveAttribute('data-stage', 'running')
    await expect(view.strip('first')).toHaveAttribute('data-stage', 'terminated')
    await page.reload()
    await expect(view.title).toHaveText(pod)
  })

  await test.step('given its containers, then no secret is shown, and their image needs no pull', async () => {
    await view.openTab('Containers')
    const main = page.locator('[data-container="main"]')
    await expect(main).toContainText('API_TOKEN')
    await expect(main).not.toContainText('do-not-show')
    await expect(main.locator('[data-image-standing]')).toHaveAttribute('data-image-standing', 'here')
  })

  await test.step('when it is crashed twice, then the back-off is lit, counted down, and has its cause', async () => {
    await view.crash('main')
    await expect(page.locator('[data-pod-status]')).toHaveAttribute('data-restarts', '1')
    await view.crash('main')
    await view.openTab('Lifecycle')
    await expect(view.strip('main')).toHaveAttribute('data-stage', 'back-off')
    await expect(view.state('back-off')).toHaveAttribute('data-lit', 'true')
    await expect(page.locator('[data-last-step]')).toContainText('it keeps ending, so the kubelet waits')
    await expect(view.strip('main')).toHaveAttribute('data-stage', 'running')
    await expect(page.locator('[data-last-step]')).toContainText('the back-off was over.')
  })

  await test.step('when its probe fails, then ticks show, the probe is told as failing, and its event is counted', async () => {
    await lab.cli('exec', pod, 'rm', '/tmp/ok')
    await expect(view.strip('main').locator('[data-tick]').first()).toBeVisible()
    await view.openTab('Containers')
    await expect(page.locator('[data-probe="readiness"]')).toHaveAttribute('data-result', 'failing')
    await view.openTab('Events')
    await expect(page.locator('[data-event="Unhealthy"]').first()).toContainText(/\d+×/)
  })

  await test.step('when the log is searched and saved, then matches are stepped through, and the file has the lines', async () => {
    await view.openTab('Logs')
    await page.getByRole('combobox', { name: 'Container' }).selectOption('main')
    await expect(view.log).toContainText('needle number')
    await page.keyboard.press('Control+f')
    await expect(view.search).toBeFocused()
    await view.search.fill('needle number 1')
    await view.search.press('Enter')
    await expect(view.log.locator('mark.current')).toHaveCount(1)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save the log as a file' }).click()
    const path = await (await download).path()
    expect(await readFile(path, 'utf8')).toMatch(/^ready to serve\nneedle number 1\n/)
    await page.getByRole('checkbox', { name: 'Previous run' }).check()
    await expect(view.log).toContainText('needle number')
    await expect(view.log).toContainText('The log ends here.')
  })

  await test.step('when its terminal is opened, then a shell in the container answers there', async () => {
    await view.openTab('Terminal')
    await expect(view.terminal).toHaveAttribute('data-phase', 'following')
    await view.terminal.locator('textarea').focus()
    await page.keyboard.type('echo $((6 * 7)) on $(hostname)')
    await page.keyboard.press('Enter')
    await expect(view.terminal.locator('.xterm-rows')).toContainText(`42 on ${pod}`)
  })

  await test.step('when an empty line is added to its manifest there, then it is saved, and the pod is the same', async () => {
    await view.openTab('Manifest')
    const editor = new EditorPage(page, lab.name)
    await editor.typeAtEnd('\n')
    await editor.save('same')
    await expect(page.locator('[data-dirty]')).toHaveAttribute('data-dirty', 'false')
    await expect(page.locator('[data-verdict]')).toHaveAttribute('data-verdict', 'accepted')
  })

  await test.step('then each tab can be used by everybody', async () => {
    for (const tab of [
      'Lifecycle',
      'Containers',
      'Events',
      'Logs',
      'Terminal',
      'Manifest',
      'Object',
    ] satisfies PodTab[]) {
      await view.openTab(tab)
      await expectAccessible(page, `pod page, ${tab}`)
      await keepScreenshots(page, `pod-${tab.toLowerCase()}`)
    }
  })

  await test.step('when its file is removed, then it is gone, and its history stays', async () => {
    await view.openTab('Lifecycle')
    await lab.reset()
    await expect(page.locator('[data-presence="gone"]')).toBeVisible()
    await expect(page.locator('[data-reason="PodGone"]').first()).toBeVisible()
  })
})
