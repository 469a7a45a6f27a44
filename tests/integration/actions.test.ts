/** What people do to kubelets, nodes and containers, through the command line on the real engine, and the record of it. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LabStatus, NodeStatus } from '../../src-main/common/lab/lab-status.ts'
import { RUN_FOREVER, shellManifest } from '../support/manifests.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const POD = 'steady-node01'
const lab = new TestLab('actions')

beforeAll(async () => {
  await lab.ok('up', '--nodes', '1')
  await lab.drop('steady.yaml', shellManifest('steady', RUN_FOREVER))
  await lab.waitForRunning(POD)
})

afterAll(() => lab.dispose())

function runningContainers(): Promise<string[]> {
  return lab.containers('container', `label=io.kubernetes.pod.name=${POD}`, 'status=running')
}

function waitForNode(what: string, accept: (node: NodeStatus) => boolean): Promise<NodeStatus> {
  return waitUntil({ what: `node01 ${what}`, timeoutSeconds: 60, intervalMs: 250 }, async () => {
    const { labs } = await lab.json<{ labs: LabStatus[] }>('status', '--json')
    const node = labs[0]?.nodes[0]
    if (node === undefined || !accept(node)) throw new Error(JSON.stringify(node))
    return node
  })
}

describe('given a node with a running pod', () => {
  it('when its kubelet is stopped and started, then its container runs on and is the same', async () => {
    const before = await runningContainers()
    expect(await lab.ok('node', 'stop-kubelet', 'node01')).toContain('containers run on')
    await waitForNode('without a kubelet', ({ state, kubelet }) => state === 'running' && kubelet === 'stopped')
    expect(await runningContainers()).toEqual(before)
    await lab.ok('node', 'start-kubelet', 'node01')
    await lab.waitForRunning(POD, 0)
    expect(await runningContainers()).toEqual(before)
  })

  it('when its container is crashed, then it is restarted in its pod', async () => {
    await lab.ok('crash', POD)
    await lab.waitForRunning(POD, 1)
  })

  it('when its power goes and comes, then its container dies and another one runs, with one restart more', async () => {
    const before = await runningContainers()
    expect(await lab.ok('node', 'power-off', 'node01')).toContain('without power')
    await waitForNode('off', ({ state }) => state === 'stopped')
    await waitUntil({ what: 'the container to die', timeoutSeconds: 30, intervalMs: 100 }, async () =>
      (await runningContainers()).length === 0 ? true : undefined,
    )
    expect((await lab.cli('node', 'power-off', 'node01')).stderr).toContain('does not run')
    expect(await lab.ok('timeline', POD, '-o', 'table'), 'its disk still tells what happened before').toContain('Started')
    await lab.ok('node', 'power-on', 'node01')
    await lab.waitForRunning(POD, 2)
    expect(await runningContainers()).not.toEqual(before)
  })

  it('when all that is asked for, then the timeline says who asked for what, and JSON only when it is wanted', async () => {
    const lines = (await lab.ok('timeline', POD, '-o', 'table')).split('\n').filter((line) => line.endsWith(' by you'))
    expect(lines.map((line) => line.split('  ').at(-1))).toEqual([
      'LabStarted by you',
      'KubeletStopped by you',
      'KubeletStarted by you',
      'ContainerCrashed by you',
      'NodePoweredOff by you',
      'NodeStarted by you',
    ])
    expect((await lab.timeline()).filter((entry) => 'kind' in entry)).toEqual([])
    const journal = readFileSync(join(lab.home, 'labs', lab.name, 'journal', 'actions.jsonl'), 'utf8')
    expect(journal).toContain('"failed":true')
  })
})
