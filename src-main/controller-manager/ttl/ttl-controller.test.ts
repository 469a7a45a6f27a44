import { describe, expect, it } from 'vitest'
import type { Node } from '../../common/api/node.ts'
import { NODES } from '../../kube/resources.ts'
import { aNode, newTestNodes } from '../testing/new-test-nodes.ts'
import { startTtl } from './ttl-controller.ts'

const nodes = (count: number): Node[] => Array.from({ length: count }, (_, index) => aNode(`node${index}`, 'True'))

describe('the annotation for the size of a cluster', () => {
  it('given two nodes, when they register, both have 0', async () => {
    const cluster = await newTestNodes(nodes(2))
    cluster.start(startTtl)
    await cluster.pass(1)
    const { items } = await cluster.client.list<Node>(NODES)
    expect(items.map(({ metadata }) => metadata.annotations)).toEqual([
      { 'node.alpha.kubernetes.io/ttl': '0' },
      { 'node.alpha.kubernetes.io/ttl': '0' },
    ])
    await cluster.dispose()
  })

  it('given 101 nodes, when some go, the number stays until there are fewer than 90', async () => {
    const cluster = await newTestNodes(nodes(101))
    const ttl = async (): Promise<string | undefined> => {
      await cluster.say('node100', 'True')
      await cluster.pass(1)
      const { metadata } = await cluster.client.get<Node>(NODES, { name: 'node100' })
      return metadata.annotations?.['node.alpha.kubernetes.io/ttl']
    }
    cluster.start(startTtl)
    expect(await ttl()).toBe('15')
    for (let index = 0; index < 11; index++) await cluster.client.delete(NODES, { name: `node${index}` })
    expect(await ttl()).toBe('15')
    await cluster.client.delete(NODES, { name: 'node11' })
    expect(await ttl()).toBe('0')
    await cluster.dispose()
  })
})
