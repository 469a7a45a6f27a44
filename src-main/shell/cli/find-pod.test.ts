import { describe, expect, it } from 'vitest'
import type { Pod } from '../../common/api/core.ts'
import { containerTarget, findNearNames, findPod } from './find-pod.ts'

function aPod(name: string, namespace = 'default'): Pod {
  return {
    metadata: { name, namespace, uid: `${namespace}-${name}` },
    spec: { nodeName: 'node01', containers: [{ name: 'main' }], initContainers: [{ name: 'prepare' }] },
  }
}

describe('find pod', () => {
  it('given one pod of that name, when named without a namespace, then it is found', () => {
    expect(findPod('default', [aPod('web-node01'), aPod('db-node01')], 'db-node01').metadata.name).toBe('db-node01')
  })

  it('given a pod that is going and its successor of the same name, when named, then the successor is meant', () => {
    const going = aPod('web-node01')
    going.metadata = { ...going.metadata, uid: 'old', deletionTimestamp: '2026-01-01T00:00:30Z' }
    expect(findPod('default', [going, aPod('web-node01')], 'web-node01').metadata.uid).toBe('default-web-node01')
    expect(findPod('default', [going], 'web-node01').metadata.uid).toBe('old')
  })

  it('given no such pod, when named, then the message lists those that there are', () => {
    expect(() => findPod('default', [aPod('web-node01'), aPod('x', 'other')], 'nobody')).toThrow(
      expect.objectContaining({ kind: 'NotFound', remedy: 'There are: web-node01, other/x.' }),
    )
  })

  it('given two namespaces with the name, when named without one, then it asks which; with one, it is found', () => {
    const pods = [aPod('web-node01'), aPod('web-node01', 'other')]
    expect(() => findPod('default', pods, 'web-node01')).toThrow(expect.objectContaining({ kind: 'BadRequest' }))
    expect(findPod('default', pods, 'other/web-node01').metadata.namespace).toBe('other')
  })

  it.each([
    ['web', ['web-node01', 'x/web-node02']],
    ['web-nodo01', ['web-node01']],
    ['nosuch', []],
  ])('given %s, when names near to it are looked for, then they are %j', (words, near) => {
    expect(findNearNames(['db-node01', 'web-node01', 'x/web-node02'], words)).toEqual(near)
  })

  it('given a container that the pod does not have, when aimed at, then the message lists those that it has', () => {
    expect(() => containerTarget('default', aPod('web-node01'), 'sidecar')).toThrow(
      expect.objectContaining({ kind: 'NotFound', remedy: 'It has: prepare, main.' }),
    )
    expect(containerTarget('default', aPod('web-node01'), 'main')).toEqual({
      lab: 'default',
      node: 'node01',
      namespace: 'default',
      pod: 'web-node01',
      container: 'main',
    })
  })
})
