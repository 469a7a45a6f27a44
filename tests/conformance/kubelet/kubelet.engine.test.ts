/** The recorded cases on the real engine, on one node. */
import { afterAll, beforeAll } from 'vitest'
import { EngineNode } from './engine-node.ts'
import { EngineWorld } from './engine-world.ts'
import { runKubeletCases } from './run-kubelet-cases.ts'

let node: EngineNode | undefined

beforeAll(async () => {
  node = await EngineNode.start('recorded')
})

afterAll(() => node?.dispose())

runKubeletCases('engine', (podName) => {
  if (node === undefined) throw new Error('the node could not be started')
  return Promise.resolve(new EngineWorld(podName, node))
})
