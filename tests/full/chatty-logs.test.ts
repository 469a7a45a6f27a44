/** What it costs to write the logs of fifty chatty containers (issue 3: "at modest CPU"). Part of `npm run test:full`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  expectNothingLost,
  measureFollowing,
  printCost,
  startChatty,
} from '../../src-main/container-runtime/testing/chatty-containers.ts'
import { EngineNode } from '../../src-main/container-runtime/testing/engine-node.ts'

const CONTAINERS = 50
const SECONDS = 20
const BUDGET = 0.1

let node: EngineNode

beforeAll(async () => {
  node = await EngineNode.start()
})
afterAll(() => node.dispose())

describe('the logs of fifty chatty containers', () => {
  it('given ten lines a second each for 20 s, then nothing is lost, for at most a tenth of a core', async () => {
    const chatty = await startChatty(node, CONTAINERS)
    const cost = await measureFollowing(node, chatty.containerIds, SECONDS)
    const lines = await expectNothingLost(node, chatty)
    console.log(`${lines} lines of ${CONTAINERS} containers; ${printCost(cost)}`)
    expect(cost.service).toBeLessThanOrEqual(BUDGET)
  })
})
