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
    expect(await lab.ok('timeline', POD, '-o', 'table'), 'its disk still tells what happened before').toContain(
      'Started',
    )
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

describe('given crictl in the node’s shell, as in an examination', () => {
  /** The script's output, both streams, and its failures as a last line: one visit to the node for a story. */
  const onNode = async (...script: string[]): Promise<string[]> => {
    const result = await lab.cli('shell', 'node01', '--', 'bash', '-c', `exec 2>&1; ${script.join('\n')}`)
    expect(result.exitCode, result.stdout + result.stderr).toBe(0)
    return result.stdout.trim().split('\n')
  }

  it('when a container is looked for, then its id, state, runtime and log are found by its name', async () => {
    const template = '{{.status.metadata.name}} {{index .status.labels "io.kubernetes.pod.name"}}'
    const lines = await onNode(
      'id=$(crictl ps -q --name "^main$")',
      "crictl inspect ${id:0:10} | jq -r '.status.state, .info.runtimeType'",
      `crictl inspect -o go-template --template '${template}' $id`,
      'test -f "$(crictl inspect $id | jq -r .status.logPath)" && echo its log',
      'crictl exec $id ls -d --color=never /bin',
      'crictl -r unix:///run/none.sock ps || echo exit $?',
    )
    expect(lines.slice(0, 5)).toEqual(['CONTAINER_RUNNING', 'io.containerd.runc.v2', `main ${POD}`, 'its log', '/bin'])
    expect(lines[5]).toContain('dial unix /run/none.sock: connect: no such file or directory')
    expect(lines[6]).toBe('exit 1')
  })

  it('when its pod is stopped, then the kubelet makes another sandbox, and when that is removed, the next', async () => {
    // Prints the id of the pod that is ready, as soon as there is one.
    const untilReady = 'for turn in $(seq 300); do crictl pods -q -s ready | grep . && break; sleep 0.2; done'
    const [first = '', stopped, second = ''] = await onNode(
      'crictl pods -q -s ready | tee /tmp/pod',
      'crictl stopp $(cat /tmp/pod)',
      untilReady,
    )
    expect(stopped).toBe(`Stopped sandbox ${first}`)
    await lab.waitForRunning(POD, 3)
    const lines = await onNode(
      `crictl pods -q -s notready | grep ${first}`,
      `crictl rmp ${second} || echo exit $?`,
      `crictl rmp -f ${second}`,
      untilReady,
    )
    expect(lines[0]).toBe(first)
    expect(lines[1]).toContain('is running, please stop it first')
    expect(lines.slice(2, 5)).toEqual(['exit 1', `Stopped sandbox ${second}`, `Removed sandbox ${second}`])
    expect([first, second]).not.toContain(lines[5])
    expect(await lab.ok('timeline', POD, '-o', 'table')).toContain(
      'Pod sandbox changed, it will be killed and re-created.',
    )
  })

  it('when images are pulled and removed, then the catalogue answers, and what is used or shared stays', async () => {
    const removals = ['crictl rmi busybox:1.36 || echo exit $?', 'crictl rmi nginx || echo exit $?']
    const lines = await onNode('crictl pull busybox', ...removals, 'crictl images -q nginx')
    expect(lines[0]).toMatch(/^Image is up to date for sha256:[0-9a-f]{64}$/)
    expect(lines[1]).toMatch(/image is being used by \w+ container/)
    expect(lines[2]).toContain('unable to remove the image(s)')
    expect(lines[3]).toBe('exit 1')
    expect(lines[4]).toContain('is kept: all nodes and this computer')
    expect(lines.slice(6)).toEqual(['exit 1', expect.stringMatching(/^sha256:/)])
  })
})
