import { describe, expect, it } from 'vitest'
import { emptyClusterView, type ClusterView } from '@common/lab/cluster-view.ts'
import { aPod, at, NOW } from '../testing/fixtures.ts'
import { compareContainers, observeDeletion, type MirrorDeletion } from './mirror-deletion.ts'

const asked: MirrorDeletion = {
  lab: 'default',
  node: 'node01',
  namespace: 'default',
  name: 'web-node01',
  deleted: { key: 'default/web-node01', kind: 'mirror', node: 'node01', pod: aPod({ uid: 'old' }) },
  containers: [{ name: 'nginx', id: 'docker://1', restartCount: 2 }],
  askedAt: NOW,
  state: 'asked',
}

function aView(uids: string[], change: Partial<ClusterView> = {}): ClusterView {
  const pods = uids.map((uid) => aPod({ uid }))
  return { ...emptyClusterView('default', at(0)), state: 'ready', pods, ...change }
}

describe('observeDeletion', () => {
  it('given the old object ending, then nothing has happened yet', () => {
    expect(observeDeletion(asked, aView(['old']), NOW + 10)).toBe(asked)
  })

  it('given a new object at once, then it is back, though nobody saw it gone', () => {
    expect(observeDeletion(asked, aView(['new']), NOW + 90)).toMatchObject({ state: 'back', newUid: 'new', tookMs: 90 })
  })

  it('given no object, then a new one, then it is gone and back', () => {
    const gone = observeDeletion(asked, aView([]), NOW + 10)
    expect(gone.state).toBe('gone')
    expect(observeDeletion(gone, aView(['new']), NOW + 200)).toMatchObject({ state: 'back', tookMs: 200 })
  })

  it('given a server that is away, or another lab, then their pods prove nothing', () => {
    expect(observeDeletion(asked, aView([], { state: 'away' }), NOW)).toBe(asked)
    expect(observeDeletion(asked, aView([], { lab: 'other' }), NOW)).toBe(asked)
  })

  it('given it is back, when it is deleted by somebody else, then this story stays as it ended', () => {
    const back = observeDeletion(asked, aView(['new']), NOW + 90)
    expect(observeDeletion(back, aView(['third']), NOW + 900)).toBe(back)
  })
})

describe('compareContainers', () => {
  const before = asked.containers
  it.each([
    ['same', before],
    ['changed', [{ name: 'nginx', id: 'docker://1', restartCount: 3 }]],
    ['changed', [{ name: 'nginx', id: 'docker://2', restartCount: 2 }]],
    ['unknown', []],
  ] as const)('tells %s of %j', (expected, now) => {
    expect(compareContainers(before, now)).toBe(expected)
  })
})
