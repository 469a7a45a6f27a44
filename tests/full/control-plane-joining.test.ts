/** Workers that run static pods come into a cluster and leave it again: only their kubelets are told. */
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ControlPlaneLab } from '../support/control-plane-lab.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'

const lab = new ControlPlaneLab('joining')

beforeAll(async () => {
  await lab.ok('up', '--nodes', '2')
  await lab.drop('old.json', shellManifest('old', RUN_FOREVER))
  await lab.drop('asleep.json', shellManifest('asleep', RUN_FOREVER), 'node02')
  await lab.waitForRunning('old-node01')
  await lab.waitForRunning('asleep-node02')
})

afterAll(() => lab.dispose())

describe('a lab that runs without a control plane', () => {
  it('given static pods, when a control plane comes and is asked for again, then they run on in the same containers', async () => {
    const before = await workerIds()
    await lab.up()
    const mirror = await lab.waitForApiRunning('old-node01')
    expect(mirror.status?.containerStatuses?.[0]?.containerID).toBe(before['old-node01/main'])
    expect(await workerIds()).toEqual(before)
    const ids = await lab.containerIds()
    await lab.up()
    expect(await lab.containerIds()).toEqual(ids)
  })

  it('given a member that is stopped, when the control plane is removed, then the others stand alone at once, and it when it starts', async () => {
    const { 'old-node01/main': before } = await workerIds()
    await lab.ok('node', 'stop', 'node02')
    await lab.ok('node', 'remove', 'controlplane')
    expect(existsSync(lab.kubeconfig)).toBe(false)
    expect(await isMember('node01')).toBe(false)
    await lab.drop('later.json', shellManifest('later', RUN_FOREVER))
    await lab.waitForRunning('later-node01')
    expect((await workerIds())['old-node01/main']).toBe(before)

    await lab.ok('node', 'start', 'node02')
    expect(await isMember('node02')).toBe(false)
    await lab.waitForPod('asleep-node02', 'running', ({ status }) => status?.phase === 'Running')
  })

  it('given workers that left, when another control plane comes, then they join it, and their pods run on', async () => {
    const before = await workerIds()
    await lab.up()
    await lab.waitForApiRunning('old-node01')
    await lab.waitForApiRunning('asleep-node02')
    expect(await workerIds()).toEqual(before)
  })
})

async function workerIds(): Promise<Record<string, string>> {
  const all = Object.entries(await lab.containerIds())
  return Object.fromEntries(all.filter(([key]) => /-node0[12]\//.test(key)))
}

/** As the kubelet was started: with or without a kubeconfig in its flags or files. */
async function isMember(node: string): Promise<boolean> {
  const { exitCode } = await lab.onNode(node, 'test -e /etc/kubernetes/kubelet.conf')
  return exitCode === 0
}
