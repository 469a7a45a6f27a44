import { describe, expect, it } from 'vitest'
import {
  findDifferences,
  findTimelineFaults,
  type Harm,
  type LastingPod,
  type LastingSnapshot,
} from './lasting-snapshot.ts'

const NO_HARM: Harm = { ended: 'never' }
const aPod: LastingPod = { uid: 'u', standing: 'running and ready', restartCount: 1 }
const healthy: LastingSnapshot = {
  files: { 'node01/web.yaml': 'accepted 1' },
  pods: { web: aPod, crash: { uid: 'c', standing: 'crashing', restartCount: 4 } },
  volumes: { 'node01 /srv/mark': '1' },
  timelines: { node01: ['a:1', 'a:2', 'b:3'] },
  objects: { networks: 1 },
  board: { lab: 'running' },
}
const withPod = (change: Partial<LastingPod>): LastingSnapshot => ({
  ...healthy,
  pods: { ...healthy.pods, web: { ...aPod, ...change } },
})

describe('given two looks at a lab', () => {
  it('when nothing but the crashing pod has gone on, then it is as before', () => {
    const after = {
      ...healthy,
      pods: { ...healthy.pods, crash: { ...healthy.pods['crash'], restartCount: 9 } as LastingPod },
    }
    expect(findDifferences(healthy, { ...after, timelines: { node01: ['a:2', 'b:3', 'b:4'] } }, NO_HARM)).toEqual([])
  })

  it.each([
    ['never', 2],
    ['once', 1],
    ['once', 3],
    ['at least once', 1],
  ] as const)('when containers ended %s and there are %d restarts, then that is told of', (ended, restartCount) => {
    expect(findDifferences(healthy, withPod({ restartCount }), { ended })).toEqual([
      `pod web had 1 restarts and has ${restartCount}, which {"ended":"${ended}"} does not explain`,
    ])
  })

  it('when a pod is another one, a file, a volume, an object or the board differs, then each is told of', () => {
    const after: LastingSnapshot = {
      ...withPod({ uid: 'other' }),
      files: {},
      volumes: { 'node01 /srv/mark': '2' },
      objects: { networks: 2 },
      board: { lab: 'degraded' },
    }
    expect(findDifferences(healthy, after, NO_HARM)).toHaveLength(5)
  })

  it('when a timeline has lost its end, then that is told of', () => {
    expect(findDifferences(healthy, { ...healthy, timelines: { node01: ['a:1', 'a:2'] } }, NO_HARM)).toEqual([
      'the timeline of node01 has lost b:3',
    ])
  })
})

it('given a timeline with a hole and one with something twice, then both are told of', () => {
  expect(findTimelineFaults(['a:1', 'a:3', 'b:3'])).toEqual(['has a hole between 1 and 3', 'tells 3 after 3'])
})
