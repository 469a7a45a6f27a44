import { describe, expect, it } from 'vitest'
import { summarizePod } from '@common/lab/pod-summary.ts'
import { aBackingOffContainer, aPod, anEntry, at, NOW } from '../testing/fixtures.ts'
import { computeWaits } from './back-off.ts'

describe('computeWaits', () => {
  const pod = aPod({ containers: [aBackingOffContainer(15, '40s')] })
  const { backOffs } = summarizePod(pod, NOW)

  it('given a container in back-off, counts the wait from its end', () => {
    expect(computeWaits(pod, backOffs, [])).toEqual([{ container: 'nginx', delaySeconds: 40, until: NOW + 25_000 }])
  })

  it('given a timeline entry of this wait, takes the exact end from it', () => {
    const entry = anEntry({
      reason: 'BackOff',
      time: at(-14),
      container: 'nginx',
      pod: { namespace: 'default', name: 'web-node01', uid: 'uid-1' },
      details: { until: at(25.7) },
    })
    expect(computeWaits(pod, backOffs, [entry])[0]?.until).toBe(NOW + 25_700)
  })

  it('given an entry of the wait before, or of another pod, leaves it aside', () => {
    const old = anEntry({
      reason: 'BackOff',
      time: at(-60),
      container: 'nginx',
      pod: { namespace: 'default', name: 'web-node01', uid: 'uid-1' },
      details: { until: at(-40) },
    })
    const foreign = { ...old, time: at(-14), pod: { namespace: 'default', name: 'web-node01', uid: 'uid-2' } }
    expect(computeWaits(pod, backOffs, [old, foreign])[0]?.until).toBe(NOW + 25_000)
  })

  it('given an image that cannot be pulled, then the wait is the one of the kubelet’s timeline, until it pulls again', () => {
    const waiting = {
      ...aBackingOffContainer(15, '40s'),
      state: { waiting: { reason: 'ImagePullBackOff', message: '' } },
    }
    const missing = aPod({ containers: [waiting] })
    const about = {
      subject: 'image',
      container: 'nginx',
      pod: { namespace: 'default', name: 'web-node01', uid: 'uid-1' },
    } as const
    const wait = anEntry({ ...about, reason: 'BackOff', time: at(-2), details: { delaySeconds: 20, until: at(18) } })
    const pulling = anEntry({ ...about, reason: 'Pulling', time: at(-1) })
    expect(computeWaits(missing, [], [wait])).toEqual([{ container: 'nginx', delaySeconds: 20, until: NOW + 18_000 }])
    expect(computeWaits(missing, [], [wait, pulling])).toEqual([])
  })

  it('given a running pod, there is no wait', () => {
    const running = aPod()
    expect(computeWaits(running, summarizePod(running, NOW).backOffs, [])).toEqual([])
  })
})
