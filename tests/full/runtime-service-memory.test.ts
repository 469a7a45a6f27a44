/** What the runtime service of a node keeps for itself in memory: 30 MB with 50 containers. Part of `npm run test:full`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildNodePrograms } from '../../scripts/build-node-programs.ts'
import { bundledServiceCommand } from '../../src-main/container-runtime/testing/bundled-service.ts'
import { startChatty } from '../../src-main/container-runtime/testing/chatty-containers.ts'
import type { ChattyPod } from '../../src-main/container-runtime/testing/chatty-containers.ts'
import { EngineNode } from '../../src-main/container-runtime/testing/engine-node.ts'
import { readPrivateBytes } from '../../src-main/container-runtime/testing/process-usage.ts'

const CONTAINERS = 50
const CALLS = 2000
const BUDGET_MB = 30
/** While it is worked hard: what is not collected yet comes on top. */
const PEAK_BUDGET_MB = 45
/** The highest of so many looks. */
const LOOKS = 20
/** It gives back what it used when it has been quiet for a while. */
const QUIET_LIMIT_MS = 60_000

let node: EngineNode

beforeAll(async () => {
  await buildNodePrograms()
  node = await EngineNode.start({ command: await bundledServiceCommand() })
})
afterAll(() => node.dispose())

async function privateMegabytes(): Promise<number> {
  return (await readPrivateBytes(node.servicePid)) / 2 ** 20
}

/** As a kubelet and a person with crictl ask, four at once. */
async function ask(round: number, { sandboxId, containerIds }: ChattyPod): Promise<void> {
  const { runtime } = node.cri
  const id = containerIds[round % containerIds.length] ?? ''
  const occasional = [
    () => runtime.execSync(id, ['true'], 20),
    () => runtime.listContainerStats(),
    () => runtime.podSandboxStats(sandboxId),
  ][round % 10]
  const ordinary = (): Promise<unknown> => runtime.podSandboxStatus(sandboxId)
  const lists = round % 3 === 0 ? runtime.listContainers() : runtime.containerStatus(id)
  await Promise.all([lists, runtime.listPodSandbox(), runtime.containerStatus(id), (occasional ?? ordinary)()])
}

describe('the memory of the runtime service', () => {
  it('given 50 containers with a line a second each, then at most 30 MB are its own, and again after 2,000 calls', async () => {
    const idle = await privateMegabytes()
    const chatty = await startChatty(node, CONTAINERS, 1)
    const withContainers = await privateMegabytes()
    let highest = 0
    for (let round = 0; round < CALLS / 4; round++) {
      await ask(round, chatty)
      if (round % (CALLS / 4 / LOOKS) === 0) highest = Math.max(highest, await privateMegabytes())
    }
    const after = await privateMegabytes()
    await expect.poll(privateMegabytes, { timeout: QUIET_LIMIT_MS, interval: 1000 }).toBeLessThanOrEqual(BUDGET_MB)
    const quiet = await privateMegabytes()
    const figures = Object.entries({ idle, withContainers, highest, after, quiet })
    console.log(
      `private memory: ${figures.map(([when, megabytes]) => `${when} ${megabytes.toFixed(1)} MB`).join(', ')}`,
    )
    expect(withContainers).toBeLessThanOrEqual(BUDGET_MB)
    expect(highest).toBeLessThanOrEqual(PEAK_BUDGET_MB)
  })
})
