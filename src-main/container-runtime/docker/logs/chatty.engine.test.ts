/** Twenty chatty containers for some seconds; tests/full has fifty for longer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectNothingLost, measureFollowing, printCost, startChatty } from '../../testing/chatty-containers.ts'
import { EngineNode } from '../../testing/engine-node.ts'

const CONTAINERS = 20
const SECONDS = 8

let node: EngineNode

beforeAll(async () => {
  node = await EngineNode.start()
})
afterAll(() => node.dispose())

describe('the logs of many containers', () => {
  it('given 20 containers with ten lines a second each, then nothing is lost and the service uses little', async () => {
    const chatty = await startChatty(node, CONTAINERS)
    const cost = await measureFollowing(node, chatty.containerIds, SECONDS)
    const lines = await expectNothingLost(node, chatty)
    console.log(`${lines} lines of ${CONTAINERS} containers; ${printCost(cost)}`)
    // Writing them costs more than throwing them away; a multiple of it would be a loop or a leak.
    expect(cost.service).toBeLessThan(0.05 + 4 * cost.bareFollower)
    await node.cri.runtime.removePodSandbox(chatty.sandboxId)
  })
})
