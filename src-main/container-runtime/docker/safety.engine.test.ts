/** What a pod must not reach, tried on the real engine. */
import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EngineNode } from '../testing/engine-node.ts'
import { exited, mount, newPod, shell, startPod } from '../testing/engine-pods.ts'

let node: EngineNode
let attempts = 0

beforeAll(async () => {
  node = await EngineNode.start()
})
afterAll(() => node.dispose())

describe('hostile paths', () => {
  it('given a folder of the node, then the pod reads and writes the node’s volume', async () => {
    const { sandboxId, containerId } = await startPod(node, 'echo from-pod > /mnt/x/file', mount('/data'))
    await exited(node, containerId)
    expect(await readFile(join(node.nodeRoot, 'data/file'), 'utf8')).toBe('from-pod\n')
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it.each([
    '/',
    '/etc',
    '/etc/passwd',
    '/var/run/docker.sock',
    '/run/docker.sock',
    '/etc/kubernetes/manifests',
    '/var/../etc',
  ])('given the path %s, then the container is refused and never made', async (hostPath) => {
    const pod = newPod()
    const sandboxId = await node.cri.runtime.runPodSandbox(pod)
    await expect(
      node.cri.runtime.createContainer(sandboxId, shell('true', mount(hostPath)), pod),
    ).rejects.toMatchObject({
      code: 'InvalidArgument',
    })
    expect(await node.cri.runtime.listContainers({ podSandboxId: sandboxId })).toEqual([])
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it('given a link in the volume that leads to the root of the machine, then the engine refuses to start it', async () => {
    await symlink('/', join(node.nodeRoot, 'data/escape'))
    const pod = newPod()
    const sandboxId = await node.cri.runtime.runPodSandbox(pod)
    const attempt = async (path: string): Promise<void> => {
      const config = shell('true', { ...mount(path), metadata: { name: 'x', attempt: ++attempts } })
      await node.cri.runtime.startContainer(await node.cri.runtime.createContainer(sandboxId, config, pod))
    }
    await expect(attempt('/data/escape/etc')).rejects.toThrow()
    await expect(attempt('/data/escape')).rejects.toThrow()
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it('given a link to nowhere, then the reason names the node’s path and no folder of the engine', async () => {
    await symlink('none', join(node.nodeRoot, 'data/dangling'))
    const pod = newPod()
    const sandboxId = await node.cri.runtime.runPodSandbox(pod)
    const containerId = await node.cri.runtime.createContainer(sandboxId, shell('true', mount('/data/dangling')), pod)
    const error = await node.cri.runtime.startContainer(containerId).catch((failure: unknown) => failure as Error)
    expect(error).toMatchObject({ code: 'Unknown' })
    expect(String(error)).toMatch(/"?\/data\/(dangling|none)/)
    expect(String(error)).not.toContain('/volumes/')
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it('given a log folder that is a link out of the volume, then nothing is written outside', async () => {
    const outside = join(node.nodeRoot, '..')
    await symlink('../../..', join(node.nodeRoot, 'var/log/out'))
    const pod = { ...newPod(), logDirectory: '/var/log/out' }
    const config = shell('echo escaped', { logPath: 'escaped.log' })
    const sandboxId = await node.cri.runtime.runPodSandbox(pod)
    const containerId = await node.cri.runtime.createContainer(sandboxId, config, pod)
    await node.cri.runtime.startContainer(containerId)
    await exited(node, containerId)
    await expect.poll(() => node.serviceLog).toContain('container log is behind')
    await expect(readFile(join(outside, 'escaped.log'))).rejects.toThrow()
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it('given a request beyond the safety policy, then it is refused with the reason', async () => {
    const pod = newPod()
    pod.linux.securityContext.privileged = true
    const sandboxId = await node.cri.runtime.runPodSandbox(pod)
    const config = shell('true')
    config.linux.securityContext.privileged = true
    await expect(node.cri.runtime.createContainer(sandboxId, config, pod)).rejects.toMatchObject({
      code: 'PermissionDenied',
      message: 'privileged containers are not allowed (safety policy of Node Lab)',
    })
    await node.cri.runtime.removePodSandbox(sandboxId)
  })
})
