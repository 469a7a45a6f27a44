import { expect, it } from 'vitest'
import { runWords } from '../testing/run-words.ts'

it('given a drain that a disruption budget forbids, then what stays is told with its reason, and the exit code is 1', async () => {
  const outcome = {
    evicted: ['default/by-hand'],
    blocked: [{ pod: 'default/shop-1', message: 'The disruption budget shop needs 1 healthy pods' }],
    daemonSetPods: ['default/agent-1'],
    mirrorPods: ['default/web-node01'],
  }
  const { printed, exitCode } = await runWords(['node', 'drain', 'node01'], { drainNode: async () => outcome })
  expect(printed).toEqual([
    'evicted: default/by-hand',
    'stays, its DaemonSet would make it again: default/agent-1',
    'stays, a static pod runs as long as its file is there: default/web-node01',
    'not evicted: default/shop-1: The disruption budget shop needs 1 healthy pods',
    expect.stringContaining('not drained'),
  ])
  expect(exitCode).toBe(1)
})
