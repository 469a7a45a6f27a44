/** The cases of a world on the real engine as tests, on a node of their own. */
import { afterAll, beforeAll } from 'vitest'
import { EngineNode } from './engine-node.ts'
import { EngineWorld } from './engine-world.ts'
import { runKubeletCases } from './run-kubelet-cases.ts'

/** @param patienceSeconds of every wait */
export function registerEngineCases(world: 'engine' | 'full', patienceSeconds: number): void {
  let node: EngineNode | undefined
  beforeAll(async () => {
    node = await EngineNode.start('recorded')
  })
  afterAll(() => node?.dispose())
  runKubeletCases(world, (podName) => {
    if (node === undefined) throw new Error('the node could not be started')
    return Promise.resolve(new EngineWorld(podName, node, patienceSeconds))
  })
}
