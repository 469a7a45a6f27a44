import { describe, expect, it } from 'vitest'
import { emptyClusterView } from '@common/lab/cluster-view.ts'
import { aPod, aVerdict, at } from '../testing/fixtures.ts'
import { computeReflections } from './reflections.ts'

const pod = aPod()
const mirror = {
  ...pod,
  metadata: { ...pod.metadata, annotations: { 'kubernetes.io/config.mirror': 'static-1' } },
  spec: { ...pod.spec, nodeName: 'node01' },
}
const cluster = { ...emptyClusterView('default', at(0)), pods: [mirror] }

describe('a mirror pod of a node that is off', () => {
  const { pod: _, ...unread } = aVerdict({ state: 'unread', reason: 'KubeletNotRunning' })
  const views = [{ lab: 'default', node: 'node01', files: [unread], pods: [], observedAt: at(0) }]

  it('given that its kubelet told once which file it came from, and that it still lies there, then it is named', () => {
    const fileOf = (node: string, uid: string): string | undefined =>
      node === 'node01' && uid === 'static-1' ? unread.name : undefined
    expect(computeReflections(cluster, views, fileOf)[0]?.file).toBe(unread.name)
  })

  it('given that the file has gone since, then none is named', () => {
    expect(computeReflections(cluster, views, () => 'gone.yaml')[0]).not.toHaveProperty('file')
  })
})
