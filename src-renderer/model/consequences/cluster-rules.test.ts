import { describe, expect, it } from 'vitest'
import type { Pod } from '@common/api/core.ts'
import { aContainerStatus, aPod } from '../../testing/fixtures.ts'
import { play, statesOf, type Moment } from '../../testing/played-consequences.ts'
import type { ExplainedAction } from './explained-action.ts'

describe('given a mirror that is deleted', () => {
  const action: ExplainedAction = {
    ...{
      kind: 'ApiPodDeleted',
      lab: 'default',
      node: 'node01',
      pod: { namespace: 'default', name: 'web-node01' },
      origin: 'mirror',
      uid: 'mirror-1',
    },
  } as const
  const mirror = (uid: string): Pod => ({ ...aPod({ uid }) })
  const before: Moment = { second: 0, cluster: { pods: [mirror('mirror-1')] } }

  it('when it is back, then it has a new UID, and its containers are the same', () => {
    const expectations = play(action, [before, { second: 1, cluster: { pods: [mirror('mirror-2')] } }])
    expect(statesOf(expectations)).toEqual({ oldGone: 'seen', mirrorBack: 'seen', containersSame: 'seen' })
    expect(expectations[1]?.evidence).toEqual({ uid: 'mirror-2' })
  })

  it('when the API server is away, then what it showed last is no proof', () => {
    const expectations = play(action, [before, { second: 1, cluster: { state: 'away', pods: [] } }])
    expect(statesOf(expectations)).toEqual({ oldGone: 'pending', mirrorBack: 'pending', containersSame: 'pending' })
  })

  it('when its container was restarted meanwhile, then that is not hidden', () => {
    const pods = [aPod({ containers: [aContainerStatus({ restartCount: 1, containerID: 'docker://2' })] })]
    const expectations = play(action, [before, { second: 1, pods, cluster: { pods: [mirror('mirror-2')] } }])
    expect(statesOf(expectations)['containersSame']).toBe('not-seen')
  })
})

describe('given a component that is stopped', () => {
  const action: ExplainedAction = {
    kind: 'ComponentStopped',
    lab: 'default',
    node: 'node01',
    component: 'kube-scheduler',
  }
  const scheduler: Pod = { ...aPod({ name: 'kube-scheduler-node01', uid: 's', containers: [] }) }
  scheduler.metadata.namespace = 'kube-system'

  it('when its pod ends and a new pod waits, then both are told, and others run on', () => {
    const waits: Pod = { metadata: { name: 'waits', uid: 'w' }, spec: { containers: [] }, status: { phase: 'Pending' } }
    const expectations = play(action, [
      { second: 0, pods: [aPod(), scheduler], cluster: {} },
      { second: 5, cluster: {} },
      { second: 9, cluster: { pods: [waits] } },
    ])
    expect(statesOf(expectations)).toEqual({ componentGone: 'seen', othersRun: 'seen', newPodsWait: 'seen' })
  })
})
