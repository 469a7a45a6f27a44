import { describe, expect, it } from 'vitest'
import { aPod, anEntry } from '../testing/fixtures.ts'
import { originalOf, wellFormedEntries, wellFormedPods } from './well-formed.ts'

describe('well-formed pods', () => {
  it('given pods in order, then the very list that came is given back, so that nobody looks at it again', () => {
    const pods = [aPod(), aPod({ name: 'other-node01' })]
    expect(wellFormedPods(pods)).toBe(pods)
  })

  it.each([
    ['nothing at all', null],
    ['a number', 7],
    ['an empty object', {}],
    ['lists that are texts', { metadata: 'x', spec: { containers: 'none' }, status: [] }],
    ['items of a wrong type', { spec: { containers: [null, 1, { name: 5 }] }, status: { containerStatuses: [{}] } }],
    ['impossible times', { metadata: { creationTimestamp: 'yesterday' }, status: { startTime: {} } }],
  ])('given %s, then a pod comes of it that any view can show', (_what, value) => {
    const [pod] = wellFormedPods([value])
    if (pod === undefined) throw new Error('no pod')
    expect(pod.metadata).toBeTypeOf('object')
    expect(pod.spec.containers.every(({ name }) => typeof name === 'string')).toBe(true)
    expect((pod.status?.containerStatuses ?? []).every(({ state, lastState }) => state && lastState)).toBe(true)
    expect(pod.metadata.creationTimestamp).toBeUndefined()
    expect(originalOf(pod)).toEqual(value)
  })

  it('given a field of a wrong type beside healthy ones, then only it is left out, and what is unknown stays', () => {
    const healthy = aPod()
    const [pod] = wellFormedPods([
      { ...healthy, status: { ...healthy.status, podIP: 5, phase: 'Dancing', extra: true } },
    ])
    expect(pod?.status).toMatchObject({ containerStatuses: healthy.status?.containerStatuses, extra: true })
    expect(pod?.status?.podIP).toBeUndefined()
    expect(pod?.status?.phase).toBeUndefined()
  })
})

describe('well-formed timeline entries', () => {
  it('given entries in order, then the same list; given odd ones among them, then the others', () => {
    const entries = [anEntry(), anEntry({ sequence: 2 })]
    expect(wellFormedEntries(entries)).toBe(entries)
    const odd = [null, { ...anEntry(), time: 'soon' }, { ...anEntry(), message: 5 }, { ...anEntry(), pod: 'web' }]
    expect(wellFormedEntries([...entries, ...odd])).toEqual(entries)
  })
})
