import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { FileVerdict } from '../../common/lab/file-verdict.ts'
import { awaitVerdict } from './await-verdict.ts'

const before: FileVerdict = {
  name: 'web.yaml',
  path: '/etc/kubernetes/manifests/web.yaml',
  state: 'accepted',
  reason: 'Pod',
  message: '',
  explanation: '',
  warnings: [],
  sizeBytes: 10,
  modifiedAt: '2026-01-01T00:00:00.000Z',
  observedAt: '2026-01-01T00:00:00.100Z',
}

/** The verdicts that the kubelet gives one after the other; the last one stays. */
function ask(...verdicts: (FileVerdict | undefined)[]) {
  let round = 0
  return () => Promise.resolve(verdicts[Math.min(round++, verdicts.length - 1)])
}

describe('awaitVerdict', () => {
  it('given a file that was replaced, then the verdict on what it was before does not count', async () => {
    const clock = new FakeClock()
    const after: FileVerdict = { ...before, state: 'stale', reason: 'InvalidYAML', observedAt: '2026-01-01T00:00:01Z' }
    const verdict = awaitVerdict(clock, ask(before, before, after), before)
    await clock.advance(1000)
    expect(await verdict).toEqual(after)
  })

  it('given a kubelet that cannot be asked, then nobody waits', async () => {
    const unread: FileVerdict = { ...before, state: 'unread', reason: 'KubeletNotRunning' }
    expect(await awaitVerdict(new FakeClock(), ask(unread), unread)).toEqual(unread)
  })

  it('given a kubelet that never speaks of the file, then there is none, and no timer is left', async () => {
    const clock = new FakeClock()
    const verdict = awaitVerdict(clock, ask(undefined), undefined)
    await clock.advance(30_000)
    expect(await verdict).toBeUndefined()
    expect(clock.pendingTimers).toBe(0)
  })
})
