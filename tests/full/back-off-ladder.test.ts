/** The whole back-off ladder in real time (facts 2.2.1): about eleven minutes; part of `npm run test:full` only. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shellManifest } from '../support/manifests.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new TestLab('ladder')
const NOMINAL_WAITS_SECONDS = [0, 10, 20, 40, 80, 160, 300]

beforeAll(async () => {
  await lab.ok('up', '--nodes', '1')
})

afterAll(() => lab.dispose())

describe('given a container that always exits with 1', () => {
  it(
    'when it is left alone, then it is restarted after 0, 10, 20, 40, 80, 160 and 300 seconds',
    { timeout: 900_000 },
    async () => {
      await lab.drop('crash.yaml', shellManifest('crash', 'exit 1'))
      await lab.waitForPod('crash-node01', 'restarted seven times', restartedTimes(NOMINAL_WAITS_SECONDS.length), 800)
      const entries = await waitUntil({ what: 'the timeline' }, () => lab.timeline())
      const waits: number[] = []
      let diedMs: number | undefined
      for (const entry of entries.filter((candidate) => candidate.pod?.name === 'crash-node01')) {
        if (entry.reason === 'ContainerDied') diedMs = Date.parse(entry.time)
        if (entry.reason === 'Started' && diedMs !== undefined) waits.push((Date.parse(entry.time) - diedMs) / 1000)
      }
      for (const [index, nominal] of NOMINAL_WAITS_SECONDS.entries()) {
        // A real kubelet looks again on a 10 to 15 s cadence after an error (golden, 02-restart-waits).
        expect(waits[index], `wait ${index + 1}`).toBeGreaterThanOrEqual(nominal - 1)
        expect(waits[index], `wait ${index + 1}`).toBeLessThanOrEqual(nominal + 20)
      }
    },
  )
})

function restartedTimes(count: number) {
  return (pod: { status?: { containerStatuses?: { restartCount: number }[] } }): boolean =>
    (pod.status?.containerStatuses?.[0]?.restartCount ?? 0) >= count
}
