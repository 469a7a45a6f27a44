import { describe, expect, it } from 'vitest'
import type { Pod } from './core.ts'
import { CONFIG_HASH_ANNOTATION, CONFIG_MIRROR_ANNOTATION, CONFIG_SOURCE_ANNOTATION } from './kubelet-labels.ts'
import { findContainer, findContainerStatus, isPodReady, isSidecar, podFullName } from './pod-helpers.ts'
import { isMirrorPod, isStaticPod, staticPodHash } from './static-pod.ts'

const status = { state: {}, lastState: {}, ready: true, restartCount: 0, image: 'i', imageID: '' }
const pod: Pod = {
  metadata: {
    name: 'web-node01',
    namespace: 'default',
    annotations: { [CONFIG_SOURCE_ANNOTATION]: 'file', [CONFIG_HASH_ANNOTATION]: 'abc' },
  },
  spec: { initContainers: [{ name: 'init', restartPolicy: 'Always' }], containers: [{ name: 'a' }, { name: 'b' }] },
  status: {
    conditions: [{ type: 'Ready', status: 'True' }],
    containerStatuses: [{ ...status, name: 'b' }],
    initContainerStatuses: [{ ...status, name: 'init' }],
  },
}

describe('pod helpers', () => {
  it('given no name, then the first app container is meant; given one, then any of that name', () => {
    expect(findContainer(pod)?.name).toBe('a')
    expect(findContainer(pod, 'b')?.name).toBe('b')
    expect(findContainer(pod, 'init')?.name).toBe('init')
    expect(findContainer(pod, 'nosuch')).toBeUndefined()
    expect(findContainerStatus(pod, 'b')?.name).toBe('b')
    expect(findContainerStatus(pod, 'init')?.name).toBe('init')
    expect(findContainerStatus(pod, 'a')).toBeUndefined()
  })

  it('given conditions, then only a true Ready is ready', () => {
    expect(isPodReady(pod)).toBe(true)
    expect(isPodReady({ ...pod, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } })).toBe(false)
    expect(isPodReady({ metadata: {}, spec: { containers: [] } })).toBe(false)
  })

  it('given a name and a namespace, then the full name joins them', () => {
    expect(podFullName(pod)).toBe('web-node01_default')
    expect(isSidecar(pod.spec.initContainers?.[0])).toBe(true)
    expect(isSidecar(pod.spec.containers[0])).toBe(false)
  })
})

describe('static pods', () => {
  it('given the source annotation, then file and URL pods are static and API pods are not', () => {
    const from = (source: string): Pod => ({
      ...pod,
      metadata: { annotations: { [CONFIG_SOURCE_ANNOTATION]: source } },
    })
    expect([from('file'), from('http'), from('api'), { ...pod, metadata: {} }].map(isStaticPod)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })

  it('given the mirror annotation, then it is a mirror pod and shares the hash', () => {
    const mirror: Pod = {
      ...pod,
      metadata: { annotations: { [CONFIG_MIRROR_ANNOTATION]: 'abc', [CONFIG_HASH_ANNOTATION]: 'abc' } },
    }
    expect([isMirrorPod(pod), isMirrorPod(mirror)]).toEqual([false, true])
    expect(staticPodHash(mirror)).toBe(staticPodHash(pod))
  })
})
