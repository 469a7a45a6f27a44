/** The runtime service as a process in front of the real engine, spoken to over real gRPC. */
import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROLE_LABEL } from '../../common/engine-labels.ts'
import type { ContainerConfig, ContainerEventResponse, PodSandboxConfig } from '../cri.ts'
import { aContainerConfig, aPodSandboxConfig } from '../testing/configs.ts'
import { EngineNode } from '../testing/engine-node.ts'

let node: EngineNode
let serial = 0

beforeAll(async () => {
  node = await EngineNode.start()
})
afterAll(() => node.dispose())

function newPod(
  overrides: Partial<PodSandboxConfig['linux']['securityContext']['namespaceOptions']> = {},
): PodSandboxConfig {
  const pod = aPodSandboxConfig({ name: `pod${++serial}-node01`, uid: `${serial}`.padStart(32, '0') })
  Object.assign(pod.linux.securityContext.namespaceOptions, overrides)
  return pod
}

const shell = (script: string, overrides: Partial<ContainerConfig> & { attempt?: number } = {}): ContainerConfig =>
  aContainerConfig({ command: ['sh', '-c', script], ...overrides })

async function startPod(script: string, overrides: Partial<ContainerConfig> = {}) {
  const pod = newPod()
  const config = shell(script, overrides)
  const sandboxId = await node.cri.runtime.runPodSandbox(pod)
  const containerId = await node.cri.runtime.createContainer(sandboxId, config, pod)
  await node.cri.runtime.startContainer(containerId)
  return { pod, config, sandboxId, containerId }
}

const statusOf = (containerId: string) => node.cri.runtime.containerStatus(containerId)

async function exited(containerId: string) {
  await expect.poll(async () => (await statusOf(containerId)).state, { timeout: 20_000 }).toBe('CONTAINER_EXITED')
  return statusOf(containerId)
}

const logFile = (pod: PodSandboxConfig, config: ContainerConfig): string =>
  join(node.nodeRoot, pod.logDirectory, config.logPath)

async function logTexts(path: string): Promise<string[]> {
  const content = await readFile(path, 'utf8').catch(() => '')
  return content
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ').slice(3).join(' '))
}

describe('pods', () => {
  it('given a pod, then its containers share its address and hostname, and nothing of it is left after removal', async () => {
    const { runtime } = node.cri
    const { pod, sandboxId, containerId } = await startPod('sleep 1000')
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
    const { pod, sandboxId, containerId } = await startPod('echo bye; exit 42', {
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
    expect(await logTexts(logFile(pod, aContainerConfig()))).toEqual(['bye'])
    const again = await runtime.createContainer(sandboxId, shell('exit 0', { attempt: 1 }), pod)
    expect(again).not.toBe(containerId)
    await runtime.startContainer(again)
    expect(await exited(again)).toMatchObject({ exitCode: 0, reason: 'Completed', metadata: { attempt: 1 } })
    abort.abort()
    await done
    await runtime.removePodSandbox(sandboxId)
  })

  it('when stopped, then SIGTERM comes first and SIGKILL after the grace, and stopping again is fine', async () => {
    const { runtime } = node.cri
    const polite = await startPod('trap "exit 7" TERM; echo ready; while :; do sleep 0.1; done')
    const rude = await startPod('trap "" TERM; echo ready; while :; do sleep 0.1; done')
    for (const { pod, config } of [polite, rude])
      await expect.poll(() => logTexts(logFile(pod, config)), { timeout: 20_000 }).toEqual(['ready'])
    await runtime.stopContainer(polite.containerId, 20)
    expect(await statusOf(polite.containerId)).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: 7 })
    await runtime.stopContainer(rude.containerId, 1)
    expect(await statusOf(rude.containerId)).toMatchObject({
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
    const status = await statusOf(containerId)
    expect(status).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: 127, reason: 'ContainerCannotRun' })
    expect([status.startedAt, status.finishedAt]).toEqual([status.createdAt, status.createdAt])
    expect((await runtime.listContainers({ podSandboxId: sandboxId }))[0]?.state).toBe('CONTAINER_EXITED')
    await runtime.removePodSandbox(sandboxId)
  })

  it('when a command outlives its timeout, then DeadlineExceeded', async () => {
    const { sandboxId, containerId } = await startPod('sleep 1000')
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
    const pod = newPod()
    const sandboxId = await runtime.runPodSandbox(pod)
    const config = aContainerConfig({ image: { image: 'node-lab.invalid/absent:1' } })
    await expect(runtime.createContainer(sandboxId, config, pod)).rejects.toMatchObject({ code: 'NotFound' })
    await runtime.removePodSandbox(sandboxId)
  })
})

describe('hostile paths', () => {
  const mount = (hostPath: string): Partial<ContainerConfig> => ({
    mounts: [
      {
        containerPath: '/mnt/x',
        hostPath,
        readonly: false,
        selinuxRelabel: false,
        propagation: 'PROPAGATION_PRIVATE',
      },
    ],
  })

  it('given a folder of the node, then the pod reads and writes the node’s volume', async () => {
    const { sandboxId, containerId } = await startPod('echo from-pod > /mnt/x/file', mount('/data'))
    await exited(containerId)
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
      const config = shell('true', { ...mount(path), metadata: { name: 'x', attempt: ++serial } })
      await node.cri.runtime.startContainer(await node.cri.runtime.createContainer(sandboxId, config, pod))
    }
    await expect(attempt('/data/escape/etc')).rejects.toThrow()
    await expect(attempt('/data/escape')).rejects.toThrow()
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it('given a path that is missing, then the reason names the node’s path and no folder of the engine', async () => {
    const pod = newPod()
    const sandboxId = await node.cri.runtime.runPodSandbox(pod)
    const containerId = await node.cri.runtime.createContainer(sandboxId, shell('true', mount('/data/none')), pod)
    const error = await node.cri.runtime.startContainer(containerId).catch((failure: unknown) => failure as Error)
    expect(String(error)).toContain('/data/none')
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
    await exited(containerId)
    await expect.poll(() => node.serviceLog).toContain('container log is behind')
    await expect(readFile(join(outside, 'escaped.log'))).rejects.toThrow()
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it('given a request beyond the safety policy, then it is refused with the reason', async () => {
    const pod = newPod()
    pod.linux.securityContext.privileged = true
    await expect(node.cri.runtime.runPodSandbox(pod)).rejects.toMatchObject({
      code: 'PermissionDenied',
      message: 'privileged containers are not allowed (safety policy of Node Lab)',
    })
  })
})

describe('a service that is killed', () => {
  it('when it is killed and started again, then everything is as it was, and the same client goes on', async () => {
    const { runtime } = node.cri
    const { pod, config, sandboxId, containerId } = await startPod('sleep 1000')
    const before = [await runtime.podSandboxStatus(sandboxId), await statusOf(containerId)]
    await node.killService('SIGKILL')
    await expect(runtime.version()).rejects.toMatchObject({ code: 'Unavailable' })
    await node.startService()
    await expect.poll(() => runtime.version().catch(() => undefined), { timeout: 10_000 }).toBeDefined()
    expect([await runtime.podSandboxStatus(sandboxId), await statusOf(containerId)]).toEqual(before)
    expect(await runtime.runPodSandbox(pod)).toBe(sandboxId)
    await expect(runtime.createContainer(sandboxId, config, pod)).rejects.toMatchObject({ code: 'AlreadyExists' })
    await runtime.removePodSandbox(sandboxId)
  })

  it('when it is killed in the middle of making a pod, then asking again makes no second one', async () => {
    const { runtime } = node.cri
    for (const afterMs of [5, 40, 90]) {
      const pod = newPod()
      const asked = runtime.runPodSandbox(pod).catch(() => undefined)
      await new Promise((resolve) => setTimeout(resolve, afterMs))
      await node.killService('SIGKILL')
      await asked
      await node.startService()
      await expect.poll(() => runtime.version().catch(() => undefined), { timeout: 10_000 }).toBeDefined()
      const sandboxId = await runtime.runPodSandbox(pod)
      const config = shell('sleep 1000')
      const first = await runtime.createContainer(sandboxId, config, pod)
      expect(await runtime.createContainer(sandboxId, config, pod)).toBe(first)
      const made = (await node.containers()).filter(
        ({ Labels }) => Labels['io.kubernetes.pod.uid'] === pod.metadata.uid,
      )
      expect(made.map(({ Labels }) => Labels[ROLE_LABEL]).sort()).toEqual(['container', 'sandbox'])
      await runtime.removePodSandbox(sandboxId)
    }
  })

  it('when it is killed while a container writes, then no line of the log is lost or doubled', async () => {
    const script = 'i=0; while [ $i -lt 3000 ]; do echo line-$i; i=$((i+1)); [ $((i % 100)) = 0 ] && sleep 0.05; done'
    const { pod, config, sandboxId, containerId } = await startPod(script)
    const path = logFile(pod, config)
    for (const lines of [300, 1200]) {
      await expect
        .poll(async () => (await logTexts(path)).length, { timeout: 20_000, interval: 10 })
        .toBeGreaterThan(lines)
      await node.killService('SIGKILL')
      await node.startService()
    }
    await expect.poll(() => node.cri.runtime.version().catch(() => undefined), { timeout: 10_000 }).toBeDefined()
    await exited(containerId)
    const expected = Array.from({ length: 3000 }, (_, index) => `line-${index}`)
    await expect.poll(async () => (await logTexts(path)).length, { timeout: 20_000 }).toBe(3000)
    expect(await logTexts(path)).toEqual(expected)
    await node.cri.runtime.removePodSandbox(sandboxId)
  })

  it('given a log that died unseen, when the service comes back, then the log is completed', async () => {
    const { pod, config, sandboxId, containerId } = await startPod('sleep 1; echo last words')
    await node.killService('SIGKILL')
    await new Promise((resolve) => setTimeout(resolve, 1500))
    await node.startService()
    await expect.poll(() => logTexts(logFile(pod, config)), { timeout: 10_000 }).toEqual(['last words'])
    await expect.poll(() => node.cri.runtime.version().catch(() => undefined), { timeout: 10_000 }).toBeDefined()
    expect(await exited(containerId)).toMatchObject({ exitCode: 0 })
    await node.cri.runtime.removePodSandbox(sandboxId)
  })
})

describe('logs', () => {
  it('given a long line and both streams, then parts, streams and the line end are told', async () => {
    const script = 'printf "%040000d" 0; echo; echo err >&2; printf no-newline'
    const { pod, config, sandboxId, containerId } = await startPod(script)
    await exited(containerId)
    await node.cri.runtime.stopContainer(containerId, 1)
    await expect.poll(async () => (await logTexts(logFile(pod, config))).length).toBeGreaterThanOrEqual(5)
    const lines = (await readFile(logFile(pod, config), 'utf8')).trimEnd().split('\n')
    const stdout = lines.filter((line) => / stdout [PF] 0/.test(line))
    expect(stdout.map((line) => line.split(' ')[2])).toEqual(['P', 'P', 'F'])
    expect(stdout.map((line) => line.split(' ')[3]).join('')).toBe('0'.repeat(40_000))
    expect(lines.some((line) => line.endsWith(' stderr F err'))).toBe(true)
    expect(lines.at(-1)).toContain('no-newline')
    await node.cri.runtime.removePodSandbox(sandboxId)
  })
})

describe('the node’s power', () => {
  it('when the node stops and starts, then pods of the boot before are gone and new ones can be made', async () => {
    const { runtime } = node.cri
    const { sandboxId } = await startPod('sleep 1000')
    await node.engine.text(`/containers/${node.service.nodeContainer}/stop`, { method: 'POST', query: { t: 1 } })
    await expect.poll(async () => (await node.containers()).length, { timeout: 20_000 }).toBe(1)
    expect(await runtime.listPodSandbox()).toEqual([])
    await expect(runtime.runPodSandbox(newPod())).rejects.toMatchObject({ code: 'FailedPrecondition' })
    await node.engine.text(`/containers/${node.service.nodeContainer}/start`, { method: 'POST' })
    await expect
      .poll(() => runtime.runPodSandbox(newPod()).catch(() => ''), { timeout: 20_000 })
      .toMatch(/^[0-9a-f]{64}$/)
    await expect(runtime.podSandboxStatus(sandboxId)).rejects.toMatchObject({ code: 'NotFound' })
  })

  it('given a node that restarted while the service was away, when the service serves, then the old pods are gone', async () => {
    const { sandboxId } = await startPod('sleep 1000')
    await node.killService('SIGKILL')
    await node.engine.text(`/containers/${node.service.nodeContainer}/restart`, { method: 'POST', query: { t: 1 } })
    await node.startService()
    expect((await node.containers()).map(({ Labels }) => Labels[ROLE_LABEL])).toEqual(['node'])
    await expect.poll(() => node.cri.runtime.version().catch(() => undefined), { timeout: 10_000 }).toBeDefined()
    await expect(node.cri.runtime.podSandboxStatus(sandboxId)).rejects.toMatchObject({ code: 'NotFound' })
  })
})
