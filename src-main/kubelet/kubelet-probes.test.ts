/** Startup, liveness and readiness probes. */
import { describe, expect, it } from 'vitest'
import type { Container } from '../common/api/core.ts'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'

const exec = { exec: { command: ['check'] } }
const withProbes = (probes: Partial<Container>) =>
  aManifest('web', { containers: [{ name: 'c', image: 'busybox:1.36', ...probes }] })

describe('probes', () => {
  it('given a readiness probe, then the pod is Ready from its first success to its third failure', async () => {
    await using node = await newTestKubelet()
    let exitCode = 1
    node.runtime.behave('c', { exec: () => ({ exitCode, stdout: new TextEncoder().encode('not yet') }) })
    await node.write('web.json', withProbes({ readinessProbe: { ...exec, periodSeconds: 5 } }))
    expect(node.container()).toMatchObject({ started: true, ready: false })
    expect(node.timeline().find((entry) => entry.reason === 'Unhealthy')?.message).toBe(
      'Readiness probe failed: not yet',
    )
    exitCode = 0
    await node.pass(5000)
    expect(node.container().ready).toBe(true)
    exitCode = 1
    await node.pass(10_000)
    expect(node.container().ready).toBe(true)
    await node.pass(5000)
    expect(node.container()).toMatchObject({ ready: false, restartCount: 0 })
  })

  it('given a liveness probe that fails three times, then the container is killed and restarted at once', async () => {
    await using node = await newTestKubelet()
    let exitCode = 0
    node.runtime.behave('c', { exec: () => ({ exitCode }) })
    await node.write('web.json', withProbes({ livenessProbe: { ...exec, periodSeconds: 5 } }))
    await node.pass(30_000)
    exitCode = 1
    await node.pass(15_000)
    expect(node.timeline().find((entry) => entry.reason === 'Killing')?.message).toBe(
      'Container c failed liveness probe, will be restarted',
    )
    expect(node.container().restartCount).toBe(1)
  })

  it('given a liveness probe that keeps failing, then the first restarts come at once and later ones wait longer', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exec: () => ({ exitCode: 1 }) })
    await node.write('web.json', withProbes({ livenessProbe: { ...exec, periodSeconds: 2, failureThreshold: 2 } }))
    await node.pass(120_000)
    const waits = node
      .timeline()
      .filter((entry) => entry.reason === 'BackOff')
      .map((entry) => entry.details?.['delaySeconds'])
    expect([...new Set(waits)].slice(0, 3)).toEqual([10, 20, 40])
    expect(node.container().restartCount).toBeLessThan(8)
  })

  it('given a startup probe, then the others wait for it', async () => {
    await using node = await newTestKubelet()
    let exitCode = 1
    const commands: string[] = []
    node.runtime.behave('c', {
      exec: ([command = '']) => {
        commands.push(command)
        return { exitCode: command === 'up' ? exitCode : 0 }
      },
    })
    const startupProbe = { exec: { command: ['up'] }, periodSeconds: 2, failureThreshold: 30 }
    await node.write('web.json', withProbes({ startupProbe, readinessProbe: exec }))
    await node.pass(20_000)
    expect(new Set(commands)).toEqual(new Set(['up']))
    expect(node.container()).toMatchObject({ started: false, ready: false })
    exitCode = 0
    await node.pass(2000)
    expect(node.container()).toMatchObject({ started: true, ready: true })
  })

  it('given a removed pod, then nothing is probed any more', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', withProbes({ readinessProbe: { ...exec, periodSeconds: 1 } }))
    await node.remove('web.json')
    const before = node.runtime.callsOf('execSync').length
    await node.pass(10_000)
    expect(node.runtime.callsOf('execSync').length).toBe(before)
  })

  it('given a pod that ends, then it is not asked whether it lives any more', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { onTerm: { exitCode: 0, afterMs: 10_000 } })
    await node.write('web.json', withProbes({ livenessProbe: { ...exec, periodSeconds: 1 } }))
    await node.remove('web.json')
    const before = node.runtime.callsOf('execSync').length
    await node.pass(8000)
    expect(node.podNames()).toEqual(['web-node01'])
    expect(node.runtime.callsOf('execSync').length).toBe(before)
  })
})
