import { describe, expect, it } from 'vitest'
import { silentLogger } from '../../base/logger.ts'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { SimulatedNodes } from './simulated-nodes.ts'

/** `broken`: names of nodes that cannot be started now. */
function newNodes(names: readonly string[], broken: Set<string>) {
  const clock = new FakeClock()
  const nodes = new SimulatedNodes({
    clock,
    logger: silentLogger,
    readNames: () => names,
    readAccess: () => 'kubeconfig',
    start: (name) =>
      broken.has(name)
        ? Promise.reject(new Error('address already in use'))
        : Promise.resolve({ dispose: () => undefined }),
    onRemoved: () => undefined,
  })
  return { clock, nodes }
}

describe('simulated nodes', () => {
  it('given one that cannot be started at first, when it can, then it runs, and only then are all said to run', async () => {
    const broken = new Set(['sim002'])
    const { clock, nodes } = newNodes(['sim001', 'sim002', 'sim003'], broken)
    let said = 'not yet'
    void nodes.sync().then(() => (said = 'all run'))
    await clock.advance(5000)
    expect([nodes.names, said]).toEqual([['sim001', 'sim003'], 'not yet'])
    broken.clear()
    await clock.advance(2000)
    expect([nodes.names, said]).toEqual([['sim001', 'sim002', 'sim003'], 'all run'])
    await nodes.dispose()
  })

  it('given one that can never be started, when the program ends, then it does not wait for it', async () => {
    const { clock, nodes } = newNodes(['sim001'], new Set(['sim001']))
    void nodes.sync()
    await clock.advance(500)
    await nodes.dispose()
    expect(clock.pendingTimers).toBe(0)
  })
})
