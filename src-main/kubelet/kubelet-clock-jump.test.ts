/** The node's clock is set while pods run. On the real engine a container may not set it: here it is the kubelet's own clock. */
import { describe, expect, it } from 'vitest'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'

const HOUR_MS = 3_600_000
const JUMPS = [
  ['a week ahead, as after a long sleep', 168 * HOUR_MS],
  ['an hour back', -HOUR_MS],
] as const

describe.each(JUMPS)('given a clock that jumps %s', (_, jumpMs) => {
  it('when pods run, with probes, then they run on as the same containers, and what is new starts and what is removed goes', async () => {
    await using node = await newTestKubelet()
    const probe = { exec: { command: ['true'] }, periodSeconds: 5 }
    const probed = aManifest('web')
    const [container] = probed.spec.containers
    Object.assign(container ?? {}, { livenessProbe: probe, readinessProbe: probe })
    await node.write('web.json', probed)
    await node.write('old.json', aManifest('old'))
    await node.pass(30_000)
    const before = node.container()
    node.clock.jump(jumpMs)
    await node.pass(120_000)
    expect(node.container()).toEqual(before)
    expect(before).toMatchObject({ ready: true, restartCount: 0 })
    await node.write('new.json', aManifest('new'))
    await node.remove('old.json')
    await node.pass(60_000)
    expect(node.podNames().toSorted()).toEqual(['new-node01', 'web-node01'])
  })

  it('when a container is backed off, then it is restarted again, never sooner than at once and never lost', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exitAfterMs: 1000, exitCode: 1 })
    await node.write('crash.json', aManifest('crash'))
    await node.pass(60_000)
    const { restartCount } = node.container()
    node.clock.jump(jumpMs)
    // Back-offs end by the time of day, as upstream's do: a clock that was set back has to get there again.
    await node.pass(Math.max(0, -jumpMs) + 400_000)
    expect(node.container().restartCount).toBeGreaterThan(restartCount)
    expect(node.container().restartCount - restartCount).toBeLessThan(10)
  })

  it('when the kubelet is restarted after it, then it adopts what runs', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', aManifest('web'))
    await node.pass(30_000)
    const before = node.container()
    node.clock.jump(jumpMs)
    await node.restartKubelet()
    await node.pass(60_000)
    expect(node.container()).toEqual(before)
    expect(node.timeline().map(({ sequence }) => sequence)).toEqual(node.timeline().map((_entry, index) => index + 1))
  })
})
