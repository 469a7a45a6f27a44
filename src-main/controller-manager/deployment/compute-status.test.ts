import { describe, expect, it } from 'vitest'
import { webDeployment } from '../../../tests/support/controllers/web-deployment.ts'
import type { Deployment } from '../../common/api/deployment.ts'
import { progressCheckInMs } from './compute-status.ts'

const SINCE = '2026-01-01T00:00:00Z'
const LONG_AFTER_MS = Date.parse(SINCE) + 3_600_000

/** A rollout that is not complete, and whose deadline has passed. */
function lateRollout(paused: boolean, metadata: Deployment['metadata'] = {}): Deployment {
  const deployment = webDeployment({ progressDeadlineSeconds: 600, paused })
  const progressing = {
    type: 'Progressing',
    status: 'Unknown',
    reason: 'DeploymentResumed',
    lastUpdateTime: SINCE,
  } as const
  return {
    ...deployment,
    metadata: { ...deployment.metadata, ...metadata },
    status: { conditions: [progressing] },
  }
}

function checkInMs(deployment: Deployment): number | undefined {
  return progressCheckInMs(deployment, deployment.status ?? {}, LONG_AFTER_MS)
}

describe('when the deadline of a rollout has passed', () => {
  it('given that it goes on, then it is looked at at once', () => {
    expect(checkInMs(lateRollout(false))).toBe(0)
  })

  it('given a condition written by hand that does not tell its time, then it is long past', () => {
    const rollout = lateRollout(false)
    const conditions = [{ type: 'Progressing', status: 'True', reason: 'ByHand' } as const]
    expect(checkInMs({ ...rollout, status: { conditions } })).toBe(0)
  })

  it.each([
    ['paused', lateRollout(true)],
    ['being deleted', lateRollout(false, { deletionTimestamp: SINCE })],
  ])('given that it is %s, then there is nothing to wait for', (_what, deployment) => {
    expect(checkInMs(deployment)).toBeUndefined()
  })
})
