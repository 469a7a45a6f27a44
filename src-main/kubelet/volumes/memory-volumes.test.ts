import { describe, expect, it } from 'vitest'
import type { Container, Pod } from '../../common/api/core.ts'
import type { PodSandboxConfig } from '../../container-runtime/cri.ts'
import { decodeMemoryVolumes, MEMORY_VOLUMES_ANNOTATION } from '../../container-runtime/memory-volumes.ts'
import { aManifest, newTestKubelet } from '../testing/new-test-kubelet.ts'

import { computeMemoryVolumes } from './memory-volumes.ts'

const paths = { root: '/var/lib/kubelet', podLogs: '/var/log/pods', containerLogs: '/var/log/containers' }
const container = (memory?: string): Container =>
  ({ name: 'c', image: 'i', ...(memory === undefined ? {} : { resources: { limits: { memory } } }) }) as Container
const sidecar = (memory: string): Container => ({ ...container(memory), restartPolicy: 'Always' })
const pod = (sizeLimit: string | undefined, containers: Container[], initContainers: Container[] = []): Pod =>
  ({
    metadata: { name: 'p', namespace: 'default', uid: 'u' },
    spec: {
      volumes: [{ name: 'v', emptyDir: { medium: 'Memory', ...(sizeLimit === undefined ? {} : { sizeLimit }) } }],
      containers,
      initContainers,
    },
  }) as Pod

describe('computeMemoryVolumes', () => {
  it.each<[string, Pod, number | undefined]>([
    ['neither limit', pod(undefined, [container()]), undefined],
    ['a size', pod('1Mi', [container()]), 1_048_576],
    ['limits of all containers', pod(undefined, [container('1Mi'), container('1Mi')]), 2_097_152],
    ['both, the size smaller', pod('1Mi', [container('2Mi')]), 1_048_576],
    ['both, the limits smaller', pod('4Mi', [container('2Mi')]), 2_097_152],
    ['a container without a limit', pod(undefined, [container('1Mi'), container()]), undefined],
    ['an init container that may use more', pod(undefined, [container('1Mi')], [container('3Mi')]), 3_145_728],
    ['a sidecar that runs beside', pod(undefined, [container('1Mi')], [sidecar('1Mi')]), 2_097_152],
    [
      'an init container beside a sidecar',
      pod(undefined, [container('1Mi')], [sidecar('1Mi'), container('2Mi')]),
      3_145_728,
    ],
    ['a size beyond all numbers', pod('8Ei', [container()]), undefined],
  ])('given %s, then the volume may grow so far', (_name, given, sizeBytes) => {
    const [volume] = computeMemoryVolumes(paths, given)
    expect(volume?.path).toBe('/var/lib/kubelet/pods/u/volumes/kubernetes.io~empty-dir/v')
    expect(volume?.sizeBytes).toBe(sizeBytes)
  })
})

describe('given a manifest', () => {
  it('with an emptyDir in memory, then the sandbox is told of it, and the timeline has nothing to excuse', async () => {
    await using node = await newTestKubelet()
    const volumes = [
      { name: 'v', emptyDir: { medium: 'Memory' } },
      { name: 'w', emptyDir: {} },
    ]
    await node.write('web.json', aManifest('web', { volumes, securityContext: { fsGroup: 2000 } }))
    const [call] = node.runtime.callsOf('runPodSandbox')
    const { annotations } = call?.args[0] as PodSandboxConfig
    const told = decodeMemoryVolumes(annotations)
    expect(told.map(({ path, groupId }) => [path.split('/').at(-1), groupId])).toEqual([['v', 2000]])
    expect(node.timeline().filter((entry) => entry.reason === 'FieldNotSupported')).toEqual([])
  })

  it('with a medium that is none, then nothing is started on disk instead, and the words are upstream’s', async () => {
    await using node = await newTestKubelet()
    const volumes = [{ name: 'v', emptyDir: { medium: 'memory' } }]
    await node.write('web.json', aManifest('web', { volumes }))
    expect(node.runtime.callsOf('runPodSandbox')).toEqual([])
    expect(node.timeline().map(({ message }) => message)).toContainEqual(
      expect.stringContaining('unknown storage medium "memory"'),
    )
  })

  it('that says itself what is memory, then it is not believed', async () => {
    await using node = await newTestKubelet()
    const annotations = { [MEMORY_VOLUMES_ANNOTATION]: '[{"path":"/data"}]', kept: 'yes' }
    await node.write('web.json', aManifest('web', {}, { annotations }))
    const [call] = node.runtime.callsOf('runPodSandbox')
    const config = call?.args[0] as PodSandboxConfig
    expect(config.annotations).toMatchObject({ kept: 'yes' })
    expect(config.annotations).not.toHaveProperty([MEMORY_VOLUMES_ANNOTATION])
  })
})
