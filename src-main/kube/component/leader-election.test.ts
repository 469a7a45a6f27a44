import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../base/logger.ts'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { Lease } from '../../common/api/lease.ts'
import type { ApiClient } from '../api-client.ts'
import { MemoryApi } from '../testing/memory-api.ts'
import { LeaderElection } from './leader-election.ts'
import { LEASES } from '../resources.ts'

const AT = { namespace: 'kube-system', name: 'kube-scheduler' }

function newCluster() {
  const clock = new FakeClock()
  const api = new MemoryApi(() => clock.now())
  const told: string[] = []
  const elect = (identity: string, client: ApiClient = api.client()): LeaderElection => {
    const election = new LeaderElection({
      client,
      clock,
      logger: silentLogger,
      random: () => 0,
      name: AT.name,
      identity,
      onStartedLeading: () => told.push(`${identity} leads`),
      onStoppedLeading: () => told.push(`${identity} stops`),
    })
    election.start()
    return election
  }
  const lease = (): Promise<Lease> => api.client().get<Lease>(LEASES, AT)
  return { clock, api, told, elect, lease }
}

describe('leader election', () => {
  it('given no lease, when one asks, it leads and keeps the lease fresh', async () => {
    const { clock, told, elect, lease } = newCluster()
    const one = elect('one')
    await clock.advance(60_000)
    expect(told).toEqual(['one leads'])
    const { spec } = await lease()
    expect(spec).toMatchObject({ holderIdentity: 'one', leaseDurationSeconds: 15, leaseTransitions: 0 })
    expect(clock.now() - Date.parse(spec?.renewTime ?? '')).toBeLessThan(3000)
    one.dispose()
  })

  it('given a leader, when it is gone, another leads after the lease is over and not before', async () => {
    const { clock, told, elect, lease } = newCluster()
    const one = elect('one')
    await clock.advance(5000)
    const two = elect('two')
    await clock.advance(5000)
    one.dispose()
    await clock.advance(13_000)
    expect(told).toEqual(['one leads'])
    await clock.advance(8000)
    expect(told).toEqual(['one leads', 'two leads'])
    expect((await lease()).spec?.leaseTransitions).toBe(1)
    two.dispose()
  })

  it('given a leader, when the server is away for longer than the deadline, it stops', async () => {
    const { clock, api, told, elect } = newCluster()
    elect('one')
    await clock.advance(5000)
    api.stop()
    await clock.advance(13_000)
    expect(told).toEqual(['one leads', 'one stops'])
    expect(clock.pendingTimers).toBe(0)
  })

  it('given a leader, when the server is away for a moment only, it goes on', async () => {
    const { clock, api, told, elect } = newCluster()
    const one = elect('one')
    await clock.advance(5000)
    api.stop()
    await clock.advance(6000)
    api.serve()
    await clock.advance(30_000)
    expect(told).toEqual(['one leads'])
    one.dispose()
  })

  it('given a leader whose requests are never answered, when the deadline is over, it stops before another may lead', async () => {
    const { clock, api, told, elect } = newCluster()
    const state = { isSilent: false }
    const client = api.client()
    elect('one', {
      ...client,
      update: (of, object) => (state.isSilent ? new Promise(() => undefined) : client.update(of, object)),
    })
    await clock.advance(5000)
    state.isSilent = true
    const two = elect('two')
    await clock.advance(30_000)
    expect(told).toEqual(['one leads', 'one stops', 'two leads'])
    two.dispose()
  })

  it('given one that waits, when it is disposed of, no timer is left', async () => {
    const { clock, elect } = newCluster()
    const one = elect('one')
    await clock.advance(5000)
    one.dispose()
    await clock.advance(1)
    expect(clock.pendingTimers).toBe(0)
  })
})
