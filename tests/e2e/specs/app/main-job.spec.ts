/** The main job, as seen: drop, run, crash, restart, back off, look, remove, undo. */
import { RUN_FOREVER, shellManifest, webManifest } from '../../../support/manifests.ts'
import { expect, test } from '../../support/app-fixture.ts'

const deploymentManifest = JSON.stringify({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'shop' },
  spec: { replicas: 3, selector: { matchLabels: { app: 'shop' } }, template: { spec: { containers: [] } } },
})

test('given a lab of two nodes, when the app opens, then they stand side by side and the engine is ready', async ({
  board,
}) => {
  const [first, second] = [await board.node('node01').boundingBox(), await board.node('node02').boundingBox()]
  expect(second?.y).toBe(first?.y)
  expect(second?.x).toBeGreaterThanOrEqual((first?.x ?? 0) + (first?.width ?? 0))
  await expect(board.page.getByRole('contentinfo')).toHaveAttribute('data-engine', 'ready')
})

test('given a YAML file on the desktop, when it is dropped on node01, then node01 runs its pod', async ({
  board,
  lab,
}) => {
  await board.dropFromOutside('node01', 'web.yaml', webManifest)
  await expect(board.file('node01', 'web.yaml')).toHaveAttribute('data-verdict', 'accepted')
  await board.waitForRunning('web-node01', 0)
  expect(await lab.files('node01')).toEqual(['web.yaml'])
  expect(await lab.files('node02')).toEqual([])
})

test('given a Deployment, when it is dropped, then nothing starts and the file says why in words', async ({
  board,
}) => {
  await board.dropFromOutside('node01', 'shop.yaml', deploymentManifest)
  const file = board.file('node01', 'shop.yaml')
  await expect(file).toHaveAttribute('data-verdict', 'rejected')
  await expect(file).toHaveAttribute('data-reason', 'NotAPod')
  await expect(file).toContainText(/Pods only/)
  await expect(board.page.locator('[data-pod]')).toHaveCount(0)
})

test('given a manifest that an editor writes into the folder, when it is edited and removed there, then the board follows', async ({
  board,
  lab,
}) => {
  await lab.write('node02', 'quiet.yaml', shellManifest('quiet', RUN_FOREVER))
  await board.waitForRunning('quiet-node02', 0)
  await lab.write('node02', 'quiet.yaml', 'kind: [')
  await expect(board.file('node02', 'quiet.yaml')).toHaveAttribute('data-reason', 'InvalidYAML')
  await lab.reset()
  await expect(board.file('node02', 'quiet.yaml')).toHaveCount(0)
  await expect(board.pod('quiet-node02')).toHaveCount(0)
})

test('given a running pod, when it is crashed again and again, then its restarts count up and the back-off counts down', async ({
  board,
  lab,
  shell,
}) => {
  // A kubelet remembers the back-off of a pod for ten minutes, also when its file was away meanwhile: a new name is a new start.
  const name = `fragile-${shell}`
  const pod = `${name}-node01`
  await lab.write('node01', 'fragile.yaml', shellManifest(name, RUN_FOREVER))
  await board.waitForRunning(pod, 0)
  await board.crash(pod)
  await board.waitForRunning(pod, 1)
  await board.crash(pod)
  await expect(board.pod(pod)).toHaveAttribute('data-status', 'CrashLoopBackOff')
  const countdown = board.pod(pod).locator('[data-countdown]')
  const seen = Number(await countdown.getAttribute('data-countdown'))
  expect(seen).toBeGreaterThan(0)
  expect(seen).toBeLessThanOrEqual(10)
  await expect
    .poll(async () => Number(await countdown.getAttribute('data-countdown')), { message: 'the countdown goes down' })
    .toBeLessThan(seen)
  await board.waitForRunning(pod, 2)
})

test('given a container that writes, when its logs are opened, then the lines are there and new ones follow', async ({
  board,
  lab,
}) => {
  const script = `echo first line; while :; do echo tick; sleep 1; done`
  await lab.write('node01', 'talk.yaml', shellManifest('talk', script, { terminationGracePeriodSeconds: 1 }))
  await board.waitForRunning('talk-node01')
  await board.button('Logs of talk-node01').click()
  const log = board.inspector.getByRole('log', { name: 'Log' })
  await expect(log).toContainText('first line')
  const ticks = async (): Promise<number> => (await log.innerText()).split('tick').length - 1
  const before = await ticks()
  await expect.poll(ticks, { message: 'new lines follow' }).toBeGreaterThan(before + 1)
})

test('given a manifest, when it is removed and the removal undone, then the pod goes and a new one comes', async ({
  board,
  lab,
}) => {
  const manifest = shellManifest('brief', RUN_FOREVER)
  await lab.write('node01', 'brief.yaml', manifest)
  await board.waitForRunning('brief-node01')
  await board.button('Remove brief.yaml').click()
  await expect(board.file('node01', 'brief.yaml')).toHaveCount(0)
  await expect(board.pod('brief-node01')).toHaveCount(0)
  await board.toast.getByRole('button', { name: 'Undo' }).click()
  await expect(board.file('node01', 'brief.yaml')).toHaveAttribute('data-verdict', 'accepted')
  await board.waitForRunning('brief-node01')
  expect(await lab.files('node01')).toEqual(['brief.yaml'])
})
