/** Pods through the runtime service on the real engine, over real gRPC. */
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ContainerEventResponse } from '../cri.ts'
import { aContainerConfig } from '../testing/configs.ts'
import { EngineNode } from '../testing/engine-node.ts'
import { exited, logFile, logTexts, mount, newPod, shell, startPod } from '../testing/engine-pods.ts'

let node: EngineNode

beforeAll(async () => {
  node = await EngineNode.start()
})
afterAll(() => node.dispose())

describe('pods', () => {
  it('given a pod, then its containers share its address and hostname, and nothing of it is left after removal', async () => {
    const { runtime } = node.cri
    const { pod, sandboxId, containerId } = await startPod(node, 'sleep 1000')
    const sandbox = await runtime.podSandboxStatus(sandboxId)
    expect(sandbox).toMatchObject({ state: 'SANDBOX_READY', metadata: pod.metadata, labels: pod.labels })
    expect(sandbox.ip).toMatch(/^\d+\.\d+\.\d+\.\d+$/)
    const answer = await runtime.execSync(containerId, ['sh', '-c', 'hostname; ip addr; echo oops >&2; exit 3'], 20)
    expect(Buffer.from(answer.stdout).toString()).toContain(pod.metadata.name)
    expect(Buffer.from(answer.stdout).toString()).toContain(sandbox.ip)
    expect(Buffer.from(answer.stderr).toString()).toBe('oops\n')
    expect(answer.exitCode).toBe(3)
    await runtime.stopPodSandbox(sandboxId)
    expect((await runtime.podSandboxStatus(sandboxId)).state).toBe('SANDBOX_NOTREADY')
    await runtime.removePodSandbox(sandboxId)
    await runtime.removePodSandbox(sandboxId)
    await runtime.stopPodSandbox(sandboxId)
    await expect(runtime.podSandboxStatus(sandboxId)).rejects.toMatchObject({ code: 'NotFound' })
    expect(
      (await node.containers()).filter(({ Labels }) => Labels['io.kubernetes.pod.uid'] === pod.metadata.uid),
    ).toEqual([])
  })

  it('given hostNetwork, then the pod has the node’s network and hostname and no address of its own', async () => {
    const { runtime } = node.cri
    const pod = newPod({ network: 'NODE' })
    const config = shell('sleep 1000')
    config.linux.securityContext.namespaceOptions.network = 'NODE'
    const sandboxId = await runtime.runPodSandbox(pod)
    const containerId = await runtime.createContainer(sandboxId, config, pod)
    await runtime.startContainer(containerId)
    expect(await runtime.podSandboxStatus(sandboxId)).toMatchObject({ ip: '', networkMode: 'NODE' })
    const { stdout } = await runtime.execSync(containerId, ['hostname'], 20)
    expect(Buffer.from(stdout).toString().trim()).toBe('node01')
    await runtime.removePodSandbox(sandboxId)
  })

  it('given a crash, then an event carries the exit, and the next attempt is another container', async () => {
    const { runtime } = node.cri
    const abort = new AbortController()
    const events: ContainerEventResponse[] = []
    const opened = Promise.withResolvers<void>()
    const done = runtime.getContainerEvents({
      signal: abort.signal,
      onOpen: opened.resolve,
      onEvent: (event) => events.push(event),
    })
    await opened.promise
    const { pod, sandboxId, containerId } = await startPod(node, 'echo bye; exit 42', {
      annotations: { 'io.kubernetes.container.terminationMessagePolicy': 'FallbackToLogsOnError' },
    })
    await expect
      .poll(() =>
        events.find((e) => e.containerId === containerId && e.containerEventType === 'CONTAINER_STOPPED_EVENT'),
      )
      .toMatchObject({
        podSandboxStatus: { id: sandboxId, state: 'SANDBOX_READY' },
        containersStatuses: [{ id: containerId, state: 'CONTAINER_EXITED', exitCode: 42, reason: 'Error' }],
      })
    expect(await logTexts(logFile(node, { pod, config: aContainerConfig() }))).toEqual(['bye'])
    const again = await runtime.createContainer(sandboxId, shell('exit 0', { attempt: 1 }), pod)
    expect(again).not.toBe(containerId)
    await runtime.startContainer(again)
    expect(await exited(node, again)).toMatchObject({ exitCode: 0, reason: 'Completed', metadata: { attempt: 1 } })
    abort.abort()
    await done
    await runtime.removePodSandbox(sandboxId)
  })

  it('when stopped, then SIGTERM comes first and SIGKILL after the grace, and stopping again is fine', async () => {
    const { runtime } = node.cri
    const polite = await startPod(node, 'trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done')
    const rude = await startPod(node, 'trap "" TERM; echo ready; while :; do sleep 0.1; done')
    for (const { pod, config } of [polite, rude])
      await expect.poll(() => logTexts(logFile(node, { pod, config })), { timeout: 20_000 }).toEqual(['ready'])
    await runtime.stopContainer(polite.containerId, 20)
    expect(await node.cri.runtime.containerStatus(polite.containerId)).toMatchObject({
      state: 'CONTAINER_EXITED',
      exitCode: 7,
    })
    await runtime.stopContainer(rude.containerId, 1)
    expect(await node.cri.runtime.containerStatus(rude.containerId)).toMatchObject({
      state: 'CONTAINER_EXITED',
      exitCode: 137,
      reason: 'Error',
    })
    await runtime.stopContainer(rude.containerId, 1)
    await Promise.all([polite, rude].map(({ sandboxId }) => runtime.removePodSandbox(sandboxId)))
  })

  it('given a command that is not there, then start fails in the engine’s words and the status says ContainerCannotRun', async () => {
    const { runtime } = node.cri
    const pod = newPod()
    const sandboxId = await runtime.runPodSandbox(pod)
    const config = aContainerConfig({ command: ['/no/such/bin'] })
    const containerId = await runtime.createContainer(sandboxId, config, pod)
    await expect(runtime.startContainer(containerId)).rejects.toThrow(
      /^failed to start container "[0-9a-f]{64}": Error response from daemon: .*\/no\/such\/bin: no such file or directory/,
    )
    const status = await node.cri.runtime.containerStatus(containerId)
    expect(status).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: 127, reason: 'ContainerCannotRun' })
    expect([status.startedAt, status.finishedAt]).toEqual([status.createdAt, status.createdAt])
    expect((await runtime.listContainers({ podSandboxId: sandboxId }))[0]?.state).toBe('CONTAINER_EXITED')
    await runtime.removePodSandbox(sandboxId)
  })

  it('when a command outlives its timeout, then DeadlineExceeded', async () => {
    const { sandboxId, containerId } = await startPod(node, 'sleep 1000')
    await expect(node.cri.runtime.execSync(containerId, ['sleep', '30'], 1)).rejects.toMatchObject({
      code: 'DeadlineExceeded',
      message: 'command "sleep 30" timed out after 1s',
    })
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it('given an image that is nowhere, then it is not there, and creating says so', async () => {
    const { runtime, images } = node.cri
    expect(await images.imageStatus({ image: 'node-lab.invalid/absent:1' })).toBeUndefined()
    await expect(images.pullImage({ image: 'node-lab.invalid/absent:1' })).rejects.toThrow(/Error response from daemon/)
    await images.removeImage({ image: 'node-lab.invalid/absent:1' })
    await expect(images.removeImage({ image: 'busybox' })).rejects.toMatchObject({
      code: expect.stringMatching(/^(PermissionDenied|FailedPrecondition)$/),
    })
    expect(await images.imageStatus({ image: 'busybox' })).toBeDefined()
    const pod = newPod()
    const sandboxId = await runtime.runPodSandbox(pod)
    const config = aContainerConfig({ image: { image: 'node-lab.invalid/absent:1' } })
    await expect(runtime.createContainer(sandboxId, config, pod)).rejects.toMatchObject({ code: 'NotFound' })
    await runtime.removePodSandbox(sandboxId)
  })
})

describe('what a kubelet mounts and limits', () => {
  it('given the kubelet’s hosts file and termination log, then the container reads the one and writes the other', async () => {
    const folder = join(node.nodeRoot, 'var/lib/kubelet/pods/u')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, 'etc-hosts'), '# Kubernetes-managed hosts file.\n')
    await writeFile(join(folder, 'termination'), '')
    const mounts = [
      ...mount('/var/lib/kubelet/pods/u/etc-hosts', '/etc/hosts').mounts,
      ...mount('/var/lib/kubelet/pods/u/termination', '/dev/termination-log').mounts,
    ]
    const { pod, config, sandboxId, containerId } = await startPod(
      node,
      'cat /etc/hosts; echo bye > /dev/termination-log',
      {
        mounts,
      },
    )
    expect(await exited(node, containerId)).toMatchObject({ exitCode: 0, mounts })
    expect(await readFile(join(folder, 'termination'), 'utf8')).toBe('bye\n')
    await expect.poll(() => logTexts(logFile(node, { pod, config }))).toEqual(['# Kubernetes-managed hosts file.'])
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it('given a memory limit that is passed, then the container is OOMKilled', async () => {
    const base = aContainerConfig()
    const resources = { ...base.linux.resources, memoryLimitInBytes: 20n * 1024n * 1024n }
    const { sandboxId, containerId } = await startPod(node, 'x=a; while :; do x=$x$x; done', {
      linux: { ...base.linux, resources },
    })
    expect(await exited(node, containerId)).toMatchObject({ exitCode: 137, reason: 'OOMKilled' })
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it('given a user and a read-only root, then the process is that user and cannot write', async () => {
    const base = aContainerConfig()
    const { sandboxId, containerId } = await startPod(node, 'touch /x && exit 9; id -u; sleep 1000', {
      linux: {
        ...base.linux,
        securityContext: { ...base.linux.securityContext, runAsUser: 1000n, readonlyRootfs: true },
      },
    })
    const { stdout } = await node.cri.runtime.execSync(containerId, ['id', '-u'], 20)
    expect(Buffer.from(stdout).toString()).toBe('1000\n')
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it('given a pause process that is killed, then the sandbox is not ready and can be made again beside it', async () => {
    const { runtime } = node.cri
    const { pod, sandboxId } = await startPod(node, 'sleep 1000')
    await node.engine.text(`/containers/${sandboxId}/kill`, { method: 'POST', query: { signal: 'KILL' } })
    await expect.poll(async () => (await runtime.podSandboxStatus(sandboxId)).state).toBe('SANDBOX_NOTREADY')
    const next = await runtime.runPodSandbox({ ...pod, metadata: { ...pod.metadata, attempt: 1 } })
    expect((await runtime.podSandboxStatus(next)).state).toBe('SANDBOX_READY')
    await runtime.stopPodSandbox(sandboxId)
    // The engine's list may lag behind its answer to the stop for a moment.
    await expect
      .poll(async () => (await runtime.listContainers({ podSandboxId: sandboxId })).map(({ state }) => state))
      .toEqual(['CONTAINER_EXITED'])
    await Promise.all([sandboxId, next].map((id) => runtime.removePodSandbox(id)))
  })
})
