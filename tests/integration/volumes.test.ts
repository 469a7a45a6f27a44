/** Volumes of pods as a learner sees them: what outlives a container, and what is nowhere on the node's disk. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listEverything } from '../support/engine-api.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new TestLab('volumes')

beforeAll(async () => {
  await lab.ok('up', '--nodes', '1')
})

afterAll(() => lab.dispose())

const manifest = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'cache' },
  spec: {
    volumes: [
      { name: 'memory', emptyDir: { medium: 'Memory', sizeLimit: '1Mi' } },
      { name: 'disk', emptyDir: {} },
    ],
    containers: [
      {
        name: 'main',
        image: 'busybox:1.36',
        command: ['sh', '-c', 'date >> /memory/starts; date >> /disk/starts; trap "exit 0" TERM; sleep 3600 & wait'],
        volumeMounts: [
          { name: 'memory', mountPath: '/memory' },
          { name: 'disk', mountPath: '/disk' },
        ],
      },
    ],
  },
})

const memoryVolumes = async (): Promise<string[]> =>
  (await listEverything()).filter((name) => name.startsWith(`node-lab.${lab.name}.`) && name.includes('.memory_'))

describe('given a pod with an emptyDir in memory and one on disk', () => {
  it('when its container crashes, then both keep what was written, and only the one on disk is on the node', async () => {
    await lab.drop('cache.yaml', manifest)
    const pod = await lab.waitForRunning('cache-node01')
    expect(await lab.ok('exec', 'cache-node01', '--', 'grep', ' /memory ', '/proc/mounts')).toMatch(
      /^tmpfs .*size=1024k/,
    )
    await lab.ok('crash', 'cache-node01')
    await lab.waitForRunning('cache-node01', 1)
    const counts = await waitUntil({ what: 'two starts in both volumes' }, async () => {
      const said = await lab.ok('exec', 'cache-node01', '--', 'wc', '-l', '/memory/starts', '/disk/starts')
      return said.includes('4 total') ? said : undefined
    })
    expect(counts).toMatch(/2 \/memory\/starts\s+2 \/disk\/starts/)
    const volumes = `/var/lib/kubelet/pods/${pod.metadata.uid}/volumes/kubernetes.io~empty-dir`
    const onNode = await lab.ok('shell', 'node01', '--', 'sh', '-c', `cd ${volumes} && find . -type f`)
    expect(onNode.trim()).toBe('./disk/starts')
    const told = (await lab.timeline()).filter((entry) => entry.reason === 'FieldNotSupported')
    expect(told).toEqual([])
  })

  it('when its manifest is removed, then the memory is gone from the engine', async () => {
    expect(await memoryVolumes()).toHaveLength(1)
    await lab.removeFile('cache.yaml')
    await waitUntil({ what: 'no memory of the pod' }, async () =>
      (await memoryVolumes()).length === 0 ? true : undefined,
    )
  })
})
