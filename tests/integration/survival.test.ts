/** What node-life.test.ts does not tell: events while the kubelet or the node is away, and killed command lines. */
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Pod } from '../../src-main/common/api/core.ts'
import type { LabStatus } from '../../src-main/common/lab/lab-status.ts'
import { countObjects, killContainer } from '../support/engine-api.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new TestLab('survival')

beforeAll(async () => {
  await lab.ok('up', '--nodes', '2')
  await lab.drop('victim.yaml', shellManifest('victim', `echo I am here; ${RUN_FOREVER}`))
  await lab.drop('bystander.yaml', shellManifest('bystander', RUN_FOREVER))
  await lab.drop('far.yaml', shellManifest('far', RUN_FOREVER), 'node02')
  for (const name of ['victim-node01', 'bystander-node01', 'far-node02']) await lab.waitForRunning(name)
})

afterAll(() => lab.dispose())

function containerId(pod: Pod | undefined): string | undefined {
  return pod?.status?.containerStatuses?.[0]?.containerID
}

async function identities(...names: string[]): Promise<(string | undefined)[]> {
  const pods = await lab.pods()
  return names.map((name) => containerId(pods.find((pod) => pod.metadata.name === name)))
}

describe('given running pods on two nodes', () => {
  it('when a container dies while the kubelet is down, then the kubelet restarts it when it is back', async () => {
    const before = await identities('bystander-node01')
    await lab.ok('shell', 'node01', '--', 'systemctl', 'stop', 'kubelet')
    const [victim] = await lab.containers('container', 'label=io.kubernetes.pod.name=victim-node01')
    await killContainer(victim ?? 'the victim has no container')
    await lab.ok('shell', 'node01', '--', 'systemctl', 'start', 'kubelet')
    await lab.waitForRunning('victim-node01', 1)
    expect(await identities('bystander-node01')).toEqual(before)
  })

  it('when a pause container is killed, then only its pod gets a new sandbox', async () => {
    const before = await identities('bystander-node01', 'far-node02')
    const oldIP = (await lab.pod('victim-node01'))?.status?.podIP
    const [sandbox] = await lab.containers('sandbox', 'label=io.kubernetes.pod.name=victim-node01')
    await killContainer(sandbox ?? 'the victim has no sandbox')
    await lab.waitForRunning('victim-node01', 2)
    const sandboxes = await lab.containers('sandbox', 'label=io.kubernetes.pod.name=victim-node01', 'status=running')
    expect(sandboxes).toHaveLength(1)
    expect(sandboxes[0]).not.toBe(sandbox)
    expect(oldIP).toBeDefined()
    expect(await identities('bystander-node01', 'far-node02')).toEqual(before)
    expect((await lab.timeline()).map((entry) => entry.reason)).toContain('SandboxChanged')
  })

  it('when a node is powered off and on, then its pods come back with what they remember unless their manifest has gone, and the other node notices nothing', async () => {
    const before = await identities('far-node02')
    await lab.ok('node', 'stop', 'node01')
    // Not at once: the engine's list is a moment behind.
    await waitUntil({ what: 'nothing of node01 to run', timeoutSeconds: 5 }, async () =>
      (await lab.containers('container', 'label=io.node-lab.node=node01', 'status=running')).length === 0
        ? true
        : undefined,
    )
    const { labs } = await lab.json<{ labs: LabStatus[] }>('status', '--json')
    expect(labs).toMatchObject([{ state: 'running', nodes: [{ state: 'stopped' }, { state: 'running' }] }])
    await lab.drop('late.yaml', shellManifest('late', RUN_FOREVER))
    const files = await lab.files()
    expect(files.map(({ name }) => name)).toEqual(['bystander.yaml', 'late.yaml', 'victim.yaml'])
    expect([...new Set(files.map(({ state, reason }) => `${state} ${reason}`))]).toEqual(['unread KubeletNotRunning'])
    await lab.removeFile('bystander.yaml')
    await lab.ok('node', 'start', 'node01')
    await lab.waitForRunning('late-node01')
    const victim = await lab.waitForRunning('victim-node01', 3)
    expect(victim.status?.containerStatuses?.[0]?.lastState.terminated).toMatchObject({ exitCode: 137 })
    expect(await lab.ok('logs', 'victim-node01', '--previous')).toBe('I am here\n')
    expect((await lab.files()).map(({ state }) => state)).toEqual(['accepted', 'accepted'])
    await waitUntil({ what: 'the dead of the pod without a manifest to be removed' }, async () => {
      const label = 'label=io.kubernetes.pod.name=bystander-node01'
      const dead = [...(await lab.containers('container', label)), ...(await lab.containers('sandbox', label))]
      return dead.length === 0 ? true : undefined
    })
    expect(await identities('far-node02')).toEqual(before)
  })
})

describe('given a command line at work', () => {
  it('when `up` is killed with -9 in the middle, then the next `up` ends in the same lab', async () => {
    const interrupted = new TestLab('interrupted')
    for (const marker of ['network', 'volume', 'container'] as const) {
      const child = interrupted.start('up', '--nodes', '2')
      const exited = new Promise((resolve) => child.once('exit', resolve))
      await waitUntil({ what: `a first ${marker}`, timeoutSeconds: 60, intervalMs: 20 }, async () =>
        (await countObjects(marker, interrupted.label)) > 0 || child.exitCode !== null ? true : undefined,
      )
      child.kill('SIGKILL')
      await exited
    }
    const status = await interrupted.json<{ state: string; nodes: { kubelet: string }[] }>(
      'up',
      '--nodes',
      '2',
      '--json',
    )
    expect(status.state).toBe('running')
    expect(status.nodes.map((node) => node.kubelet)).toEqual(['running', 'running'])
    await interrupted.dispose()
    expect(await countObjects('container', interrupted.label)).toBe(0)
  })

  it('when `delete` is killed with -9 in the middle, then the next `delete` leaves nothing', async () => {
    const doomed = new TestLab('doomed')
    await doomed.ok('up', '--nodes', '2')
    await doomed.drop('pod.yaml', shellManifest('pod', RUN_FOREVER))
    await doomed.waitForRunning('pod-node01')
    const whole = await countObjects('container', doomed.label)
    const child = doomed.start('delete')
    const exited = new Promise((resolve) => child.once('exit', resolve))
    await waitUntil({ what: 'a first container to go', timeoutSeconds: 60, intervalMs: 20 }, async () =>
      (await countObjects('container', doomed.label)) < whole || child.exitCode !== null ? true : undefined,
    )
    child.kill('SIGKILL')
    await exited
    await doomed.ok('delete')
    for (const kind of ['container', 'volume', 'network'] as const)
      expect(await countObjects(kind, doomed.label), kind).toBe(0)
    expect(readdirSync(join(doomed.home, 'labs'))).toEqual([])
    rmSync(doomed.home, { recursive: true })
  })
})
