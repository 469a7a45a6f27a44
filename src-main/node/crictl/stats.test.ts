import { describe, expect, it } from 'vitest'
import { aContainerConfig, aPodSandboxConfig } from '../../container-runtime/testing/configs.ts'
import { computeCpuPercent } from './stats.ts'
import { setUpCrictl } from './testing/set-up-crictl.ts'

describe('given containers that use something', () => {
  it('when it is measured, then over a second, for containers and for pods', async () => {
    const { clock, runtime, sandbox, second, crictl } = await setUpCrictl()
    runtime.behave('busy', { usage: { cores: 0.5, memoryBytes: 5_000_000 } })
    const busy = await runtime.createContainer(sandbox, aContainerConfig({ name: 'busy' }), aPodSandboxConfig())
    await runtime.startContainer(busy)
    const measured = async (...argv: string[]) => {
      const answer = crictl(...argv)
      await clock.advance(1000)
      return (await answer).out
    }
    const rows = (await measured('stats'))
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/))
    expect(rows).toEqual([
      ['CONTAINER', 'NAME', 'CPU %', 'MEM', 'DISK', 'INODES'],
      [second.slice(0, 13), 'app', '0.00', '0B', '0B', '0'],
      [busy.slice(0, 13), 'busy', '50.00', '5MB', '0B', '0'],
    ])
    expect((await measured('stats', busy)).split('\n')).toHaveLength(3)
    expect(JSON.parse(await measured('stats', '-o', 'json', busy))).toMatchObject({
      stats: [{ attributes: { id: busy }, memory: { workingSetBytes: { value: '5000000' } } }],
    })
    expect((await measured('statsp')).split('\n')[1]).toMatch(/^web-node01 +\S+ +50\.00 +5MB$/)
  })

  it('when it is watched, then again and again, until that is interrupted', async () => {
    const { clock, crictl, interrupted } = await setUpCrictl()
    const watched = crictl('stats', '-w', '-s', '2')
    for (let second = 0; second < 6; second++) await clock.advance(1000)
    interrupted.abort()
    const { code, out, err } = await watched
    expect([code, err]).toEqual([0, ''])
    expect(out.match(/CONTAINER +NAME/g)).toHaveLength(2)
  })

  it('given a counter that began anew, or no time between, then the rate is sound', () => {
    const at = (timestamp: bigint, usageCoreNanoSeconds: bigint) => ({ timestamp, usageCoreNanoSeconds })
    expect(computeCpuPercent(at(0n, 900n), at(1000n, 100n))).toBe(10)
    expect(computeCpuPercent(at(5n, 0n), at(5n, 100n))).toBe(0)
    expect(computeCpuPercent(undefined, at(5n, 100n))).toBe(0)
  })
})
