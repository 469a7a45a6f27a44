import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import type { EngineClient, EngineRequest } from './engine-client.ts'
import { NodeEngine } from './node-engine.ts'

const ID = 'a'.repeat(64)

/** An engine whose list is always of a moment ago: everything runs. */
function setUp() {
  const requests: unknown[] = []
  const Labels = {
    'io.node-lab.lab': 't',
    'io.node-lab.node': 'node01',
    'io.node-lab.role': 'container',
    'io.node-lab.boot': 'b',
  }
  const engine = {
    json: () => Promise.resolve([{ Id: ID, Names: [], ImageID: '', State: 'running', Labels }]),
    text: (path: string, { query }: EngineRequest) => {
      requests.push([path, query])
      return Promise.resolve('')
    },
  } as unknown as EngineClient
  const options = {
    ...{ lab: 't', node: 'node01', nodeContainer: 'n', volume: 'v', network: 'w', pauseImage: 'p' },
    catalogue: { enabled: false, images: [] },
  }
  const node = new NodeEngine(engine, options, new FakeClock())
  return { node, requests, states: async () => (await node.list('container')).map(({ summary }) => summary.State) }
}

describe('NodeEngine', () => {
  it('given a list of the engine that is behind, when a container was stopped, then it is not said to run', async () => {
    const { node, states } = setUp()
    expect(await states()).toEqual(['running'])
    await node.stop(ID, 0)
    expect(await states()).toEqual(['exited'])
    await node.start(ID)
    expect(await states()).toEqual(['running'])
  })

  it('given no grace, when a container is stopped, then it is killed without another signal before', async () => {
    const { node, requests } = setUp()
    await node.stop(ID, 5)
    await node.stop(ID, 0)
    expect(requests).toEqual([
      [`/containers/${ID}/stop`, { t: 5 }],
      [`/containers/${ID}/kill`, { signal: 'KILL' }],
    ])
  })
})
