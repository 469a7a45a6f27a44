/** The same call twice at once, calls that come too late, and removals behind the service's back, on the real engine. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EngineNode } from '../testing/engine-node.ts'
import { exited, logFile, logTexts, newPod, reconnected, shell, startPod } from '../testing/engine-pods.ts'

let node: EngineNode

beforeAll(async () => {
  node = await EngineNode.start()
})
afterAll(() => node.dispose())

async function removeBehindItsBack(id: string): Promise<void> {
  await node.engine.text(`/containers/${id}`, { method: 'DELETE', query: { force: true } })
}

describe('the same call twice at once', () => {
  it('when a sandbox and a container are asked for, then there is one of each and both calls answer it', async () => {
    const { runtime } = node.cri
    const pod = newPod()
    const sandboxes = await Promise.all([runtime.runPodSandbox(pod), runtime.runPodSandbox(pod)])
    expect(new Set(sandboxes).size).toBe(1)
    const [sandboxId] = sandboxes
    const config = shell('sleep 1000')
    const make = (): Promise<string> => runtime.createContainer(sandboxId, config, pod)
    const containers = await Promise.all([make(), make(), make()])
    expect(new Set(containers).size).toBe(1)
    await Promise.all([runtime.removePodSandbox(sandboxId), runtime.removePodSandbox(sandboxId)])
  })

  it('when a container that ends at once is started, then it runs once, and never again', async () => {
    const { runtime } = node.cri
    const pod = newPod()
    const sandboxId = await runtime.runPodSandbox(pod)
    const config = shell('echo ran; exit 3')
    const containerId = await runtime.createContainer(sandboxId, config, pod)
    await Promise.all([runtime.startContainer(containerId), runtime.startContainer(containerId)])
    const status = await exited(node, containerId)
    await expect(runtime.startContainer(containerId)).rejects.toMatchObject({ code: 'FailedPrecondition' })
    expect(await runtime.containerStatus(containerId)).toEqual(status)
    await expect.poll(() => logTexts(logFile(node, { pod, config }))).toEqual(['ran'])
    await runtime.removePodSandbox(sandboxId)
  })
})

describe('a sandbox that is gone', () => {
  it('when it was removed behind the service’s back, then its containers go too', async () => {
    const { sandboxId } = await startPod(node, 'sleep 1000')
    await removeBehindItsBack(sandboxId)
    await expect.poll(() => node.cri.runtime.listContainers(), { timeout: 20_000 }).toEqual([])
  })

  it('when it was removed while the service was away, then its containers are gone when it serves again', async () => {
    const { sandboxId } = await startPod(node, 'sleep 1000')
    await node.killService('SIGKILL')
    await removeBehindItsBack(sandboxId)
    await node.startService()
    await reconnected(node)
    expect(await node.cri.runtime.listContainers()).toEqual([])
  })

  it('when it is removed while containers are made in it, then none is left', async () => {
    const { runtime } = node.cri
    for (const afterMs of [0, 10, 20, 40, 80]) {
      const pod = newPod()
      const sandboxId = await runtime.runPodSandbox(pod)
      const making = Array.from({ length: 4 }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 10))
        // Refused or made and removed: both are right.
        await runtime.createContainer(sandboxId, shell('sleep 1000', { name: `app${index}` }), pod).catch(() => '')
      })
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      await runtime.removePodSandbox(sandboxId)
      await Promise.all(making)
      expect(await runtime.listContainers({ podSandboxId: sandboxId })).toEqual([])
    }
  })
})
