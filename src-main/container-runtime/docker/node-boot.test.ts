import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../base/logger.ts'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { computeStale, NodeBoot } from './node-boot.ts'
import type { EngineContainerSummary } from './engine-types.ts'
import type { ListedContainer, NodeEngine } from './node-engine.ts'

const item = (
  Id: string,
  role: 'sandbox' | 'container',
  boot: string,
  State: EngineContainerSummary['State'],
): ListedContainer => ({ summary: { Id, State }, identity: { role, boot } }) as ListedContainer
const listed = [
  item('old-sandbox', 'sandbox', 'b1', 'running'),
  item('old-container', 'container', 'b1', 'running'),
  item('old-paused', 'container', 'b1', 'paused'),
  item('old-dead', 'container', 'b1', 'exited'),
  item('old-half-made', 'sandbox', 'b1', 'created'),
  item('sandbox', 'sandbox', 'b2', 'running'),
  item('half-made', 'container', 'b2', 'created'),
]
const decide = (boot: Parameters<typeof computeStale>[1]): string[] =>
  computeStale(listed, boot).map(({ end, id }) => `${end} ${id}`)

describe('computeStale', () => {
  it('given a running node, then what another boot left running is killed, containers first, and its dead stay', () => {
    expect(decide({ state: 'up', nodeContainerId: 'n', boot: 'b2' })).toEqual([
      'kill old-container',
      'kill old-paused',
      'kill old-sandbox',
      'remove old-half-made',
    ])
  })

  it('given a node that is down, then nothing runs on', () => {
    expect(decide({ state: 'down' })).toEqual([
      'kill old-container',
      'kill old-paused',
      'remove half-made',
      'kill old-sandbox',
      'remove old-half-made',
      'kill sandbox',
    ])
  })

  it('given that nobody has looked yet, then nothing is touched', () => {
    expect(decide({ state: 'unknown' })).toEqual([])
  })
})

describe('NodeBoot', () => {
  /** A node of boot b2 on which something of boot b1 runs, whose death takes until `die` is called. */
  function setUp() {
    const { promise: death, resolve: die } = Promise.withResolvers<undefined>()
    const node = {
      options: { node: 'node01', nodeContainer: 'n' },
      engine: { json: () => Promise.resolve({ Id: 'n', State: { Running: true, StartedAt: 'b2' } }) },
      list: () => Promise.resolve([item('old-sandbox', 'sandbox', 'b1', 'running')]),
      stop: () => death,
    } as unknown as NodeEngine
    const clock = new FakeClock()
    const boot = new NodeBoot(node, clock, silentLogger)
    return { boot, clock, die: () => die(undefined) }
  }

  it('given what another boot left, when the service is asked meanwhile, then it answers once that is dead', async () => {
    const { boot, clock, die } = setUp()
    const syncing = boot.sync(new AbortController().signal)
    let isSettled = false
    const settled = boot.settled().then(() => (isSettled = true))
    await clock.advance(4000)
    expect(isSettled).toBe(false)
    die()
    await Promise.all([syncing, settled])
    expect(boot.require().boot).toBe('b2')
    expect(clock.pendingTimers).toBe(0)
  })

  it('given something that does not die, when the service is asked, then it says so after five seconds', async () => {
    const { boot, clock } = setUp()
    void boot.sync(new AbortController().signal)
    const answer = expect(boot.settled()).rejects.toMatchObject({ code: 'Unavailable' })
    await clock.advance(5_000)
    await answer
  })

  it('given an engine that is not heard any more, when the service is asked, then it answers after the next look only', async () => {
    const { boot, die } = setUp()
    die()
    await boot.sync(new AbortController().signal)
    await boot.settled()
    boot.unsettle()
    let isSettled = false
    const settled = boot.settled().then(() => (isSettled = true))
    await Promise.resolve()
    expect(isSettled).toBe(false)
    await boot.sync(new AbortController().signal)
    await settled
    await boot.settled()
  })
})
