/** The main job of the README, end to end: drop, run, crash, restart, back off, edit, remove. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { RUN_FOREVER, shellManifest, webManifest } from '../support/manifests.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new TestLab('main')

interface UpAnswer {
  name: string
  state: string
  nodes: { name: string; state: string; kubelet: string; manifestsPath: string; address: string }[]
}

let up: UpAnswer

beforeAll(async () => {
  up = await lab.json<UpAnswer>('up', '--nodes', '2', '--json')
})

afterAll(() => lab.dispose())

describe('given a lab of two nodes', () => {
  it('when it is up, then both nodes run a kubelet and name their manifest folder', () => {
    expect(up.state).toBe('running')
    expect(up.nodes.map((node) => [node.name, node.state, node.kubelet])).toEqual([
      ['node01', 'running', 'running'],
      ['node02', 'running', 'running'],
    ])
    for (const node of up.nodes) expect(node.manifestsPath).toContain(lab.home)
  })

  it('when web.yaml is written into node01, then web-node01 runs and answers HTTP on its pod IP from inside node02', async () => {
    await lab.drop('web.yaml', webManifest)
    const pod = await lab.waitForRunning('web-node01')
    expect(pod.metadata.namespace).toBe('default')
    expect(pod.metadata.annotations?.['kubernetes.io/config.source']).toBe('file')
    expect(pod.status?.podIP).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
    const page = await lab.ok(
      'shell',
      'node02',
      '--',
      'curl',
      '-sS',
      '--max-time',
      '20',
      `http://${pod.status?.podIP}/`,
    )
    expect(page).toContain('nginx')
    expect((await lab.files()).find((file) => file.name === 'web.yaml')).toMatchObject({
      state: 'accepted',
      pod: { name: 'web-node01', namespace: 'default', uid: pod.metadata.uid },
    })
    expect((await lab.pods('node02')).map((other) => other.metadata.name)).toEqual([])
  })

  it('when its container is killed, then it runs again with restartCount 1 and remembers exit code 137', async () => {
    await lab.ok('crash', 'web-node01')
    const pod = await lab.waitForRunning('web-node01', 1)
    expect(pod.status?.containerStatuses?.[0]?.lastState.terminated).toMatchObject({ exitCode: 137, reason: 'Error' })
  })

  it('when it keeps being killed, then it backs off as a kubelet does: 10 s, then 20 s', async () => {
    const waits: string[] = []
    for (const expected of ['10s', '20s']) {
      await lab.ok('crash', 'web-node01')
      const pod = await lab.waitForPod(
        'web-node01',
        `in back-off of ${expected}`,
        (candidate) => candidate.status?.containerStatuses?.[0]?.state.waiting?.reason === 'CrashLoopBackOff',
      )
      waits.push(pod.status?.containerStatuses?.[0]?.state.waiting?.message ?? '')
      expect(pod.status?.phase).toBe('Running')
      const status = (await lab.waitForRunning('web-node01', waits.length + 1)).status?.containerStatuses?.[0]
      const died = Date.parse(status?.lastState.terminated?.finishedAt ?? '')
      const waitedSeconds = (Date.parse(status?.state.running?.startedAt ?? '') - died) / 1000
      // Times in a status are whole seconds; a real kubelet looks again on a 10 to 15 s cadence (golden, 02-restart-waits).
      expect(waitedSeconds).toBeGreaterThanOrEqual(Number.parseInt(expected, 10) - 1)
      expect(waitedSeconds).toBeLessThanOrEqual(Number.parseInt(expected, 10) + 20)
    }
    const uid = (await lab.pod('web-node01'))?.metadata.uid
    expect(waits).toEqual(
      ['10s', '20s'].map((wait) => `back-off ${wait} restarting failed container=nginx pod=web-node01_default(${uid})`),
    )
    const entries = (await lab.timeline()).filter((entry) => entry.pod?.name === 'web-node01')
    expect(entries.map((entry) => entry.reason)).toEqual(
      expect.arrayContaining(['FileAccepted', 'Started', 'ContainerDied', 'BackOff']),
    )
  })

  it('when the manifest is edited, then a new pod takes its place with restartCount 0', async () => {
    const before = await lab.pod('web-node01')
    await lab.drop('web.yaml', webManifest.replace('name: web\n', 'name: web\n  labels: {tier: front}\n'))
    const after = await lab.waitForPod(
      'web-node01',
      'replaced',
      (pod) => pod.metadata.uid !== before?.metadata.uid && pod.status?.phase === 'Running',
    )
    expect(after.status?.containerStatuses?.[0]?.restartCount).toBe(0)
    expect(after.metadata.labels).toEqual({ tier: 'front' })
  })

  it('when only a comment is added, then nothing restarts', async () => {
    const before = await lab.pod('web-node01')
    await lab.drop(
      'web.yaml',
      `# a comment\n${webManifest.replace('name: web\n', 'name: web\n  labels: {tier: front}\n')}`,
    )
    await waitUntil({ what: 'the verdict of the new text' }, async () => {
      const file = (await lab.files()).find((candidate) => candidate.name === 'web.yaml')
      return file?.state === 'accepted' && file.sizeBytes > webManifest.length + 20 ? file : undefined
    })
    const after = await lab.pod('web-node01')
    expect(after?.metadata.uid).toBe(before?.metadata.uid)
    expect(after?.status?.containerStatuses?.[0]?.containerID).toBe(before?.status?.containerStatuses?.[0]?.containerID)
  })

  it('when the manifest is removed, then the container gets SIGTERM and its grace, and nothing is left', async () => {
    await lab.drop(
      'polite.yaml',
      shellManifest(
        'polite',
        'trap "echo got TERM; sleep 2; echo bye; exit 0" TERM; while :; do sleep 1 & wait $!; done',
      ),
    )
    await lab.waitForRunning('polite-node01')
    await lab.removeFile('polite.yaml')
    await lab.waitForGone('polite-node01')
    await lab.ok('remove', 'node01', 'web.yaml')
    await lab.waitForGone('web-node01')
    await waitUntil({ what: 'no container and no sandbox of the lab', timeoutSeconds: 120 }, async () =>
      (await lab.containers('container')).length + (await lab.containers('sandbox')).length === 0 ? true : undefined,
    )
    const died = (await lab.timeline()).filter(
      (entry) => entry.reason === 'ContainerDied' && entry.pod?.name === 'polite-node01',
    )
    expect(died.map((entry) => entry.details?.['exitCode'])).toEqual([0])
  })
})

describe('given pods on both nodes', () => {
  it('when the same manifest is dropped on both, then each kubelet runs its own pod', async () => {
    const manifest = shellManifest('twin', RUN_FOREVER)
    await lab.drop('twin.yaml', manifest, 'node01')
    await lab.drop('twin.yaml', manifest, 'node02')
    const [first, second] = [await lab.waitForRunning('twin-node01'), await lab.waitForRunning('twin-node02')]
    expect(first.metadata.uid).not.toBe(second.metadata.uid)
    expect(first.status?.podIP).not.toBe(second.status?.podIP)
    await lab.ok('remove', 'node01', 'twin.yaml')
    await lab.waitForGone('twin-node01')
    expect((await lab.pod('twin-node02'))?.status?.phase).toBe('Running')
  })

  it('when a container writes lines, then `logs` shows them, and `exec` runs in it', async () => {
    await lab.drop(
      'talk.yaml',
      shellManifest('talk', `for i in 1 2 3; do echo line $i; done; ${RUN_FOREVER}`),
      'node02',
    )
    await lab.waitForRunning('talk-node02')
    await waitUntil({ what: 'three lines' }, async () =>
      (await lab.ok('logs', 'talk-node02')) === 'line 1\nline 2\nline 3\n' ? true : undefined,
    )
    const result = await lab.cli('exec', 'talk-node02', '--', 'sh', '-c', 'echo out; echo err >&2; exit 7')
    expect(result).toMatchObject({ exitCode: 7, stdout: 'out\n' })
    expect(result.stderr).toContain('err')
  })
})
