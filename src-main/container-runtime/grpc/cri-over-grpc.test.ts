import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, credentials } from '@grpc/grpc-js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { DisposableStore, toDisposable } from '../../base/disposable.ts'
import { silentLogger } from '../../base/logger.ts'
import { CriError } from '../cri.ts'
import type { ContainerEventResponse } from '../cri.ts'
import { SimulatedRuntime } from '../simulated/simulated-runtime.ts'
import { aContainerConfig, aPodSandboxConfig } from '../testing/configs.ts'
import { createCriClient } from './client.ts'
import type { CriClient } from './client.ts'
import { serveCri } from './server.ts'

describe('CRI over gRPC', () => {
  let store: DisposableStore
  let simulated: SimulatedRuntime
  let client: CriClient
  let socketPath: string

  beforeEach(async () => {
    store = new DisposableStore()
    const folder = await mkdtemp(join(tmpdir(), 'cri-'))
    store.add(toDisposable(() => rm(folder, { recursive: true })))
    socketPath = join(folder, 'cri.sock')
    simulated = new SimulatedRuntime({
      clock: systemClock(),
      images: [{ reference: 'busybox:1.36', present: true, user: '1000' }],
    })
    await serve()
    client = store.add(createCriClient({ socketPath, timeoutMs: 20_000 }))
  })
  afterEach(() => store.dispose())

  async function serve() {
    return store.add(await serveCri({ socketPath, runtime: simulated, images: simulated.images, logger: silentLogger }))
  }

  it('given running containers, when their use and limits are asked and set, then the numbers cross the socket whole', async () => {
    simulated.behave('app', { usage: { cores: 0.25, memoryBytes: 5_000_000 } })
    const sandboxId = await client.runtime.runPodSandbox(aPodSandboxConfig())
    const containerId = await client.runtime.createContainer(sandboxId, aContainerConfig(), aPodSandboxConfig())
    expect(await client.runtime.containerStats(containerId)).not.toHaveProperty('cpu')
    await client.runtime.startContainer(containerId)
    const { resources } = aContainerConfig().linux
    await client.runtime.updateContainerResources(containerId, { ...resources, memoryLimitInBytes: 8_000_000n })
    const stats = await client.runtime.containerStats(containerId)
    expect(stats).toMatchObject({
      attributes: { id: containerId, metadata: { name: 'app' } },
      cpu: { usageNanoCores: 250_000_000n },
      memory: { workingSetBytes: 5_000_000n, availableBytes: 3_000_000n },
    })
    expect(await client.runtime.listContainerStats({ podSandboxId: sandboxId })).toMatchObject([
      { attributes: stats.attributes },
    ])
    expect(await client.runtime.listContainerStats({ id: 'f' })).toEqual([])
    expect(await client.runtime.podSandboxStats(sandboxId)).toMatchObject({
      attributes: { metadata: aPodSandboxConfig().metadata },
      cpu: { usageNanoCores: 250_000_000n },
      processCount: 2n,
      containers: [{ attributes: { id: containerId } }],
    })
    expect(await client.runtime.listPodSandboxStats({ id: sandboxId })).toHaveLength(1)
    expect(await client.runtime.runtimeConfig()).toEqual({ cgroupDriver: 'CGROUPFS' })
    await client.runtime.updateRuntimeConfig({ podCidr: '10.1.0.0/24' })
    expect(simulated.callsOf('updateRuntimeConfig')).toMatchObject([{ args: [{ podCidr: '10.1.0.0/24' }] }])
  })

  it('given a sandbox and a container, when asked over the socket, then the service sees exactly what was sent', async () => {
    const sandboxConfig = {
      ...aPodSandboxConfig({ attempt: 3 }),
      dnsConfig: { servers: ['10.0.0.10'], searches: ['svc'], options: ['ndots:5'] },
      portMappings: [{ protocol: 'UDP' as const, containerPort: 53, hostPort: 5353, hostIp: '127.0.0.1' }],
    }
    const base = aContainerConfig()
    const config = aContainerConfig({
      envs: [{ key: 'A', value: '' }],
      mounts: [
        {
          containerPath: '/etc/hosts',
          hostPath: '/var/lib/kubelet/pods/u/etc-hosts',
          readonly: true,
          selinuxRelabel: false,
          propagation: 'PROPAGATION_HOST_TO_CONTAINER',
        },
      ],
      stopSignal: 'SIGRTMIN+3',
      linux: {
        resources: { ...base.linux.resources, memoryLimitInBytes: 9_007_199_254_740_993n, oomScoreAdj: -997n },
        securityContext: {
          ...base.linux.securityContext,
          runAsUser: 0n,
          seccomp: { profileType: 'Unconfined', localhostRef: '' },
        },
      },
    })
    const sandboxId = await client.runtime.runPodSandbox(sandboxConfig)
    const containerId = await client.runtime.createContainer(sandboxId, config, sandboxConfig)
    await client.runtime.startContainer(containerId)

    expect(simulated.callsOf('runPodSandbox')[0]?.args).toEqual([sandboxConfig])
    expect(simulated.callsOf('createContainer')[0]?.args).toEqual([sandboxId, config, sandboxConfig])
    expect(await client.runtime.podSandboxStatus(sandboxId)).toEqual(await simulated.podSandboxStatus(sandboxId))
    expect(await client.runtime.containerStatus(containerId)).toEqual(await simulated.containerStatus(containerId))
    expect(await client.runtime.listContainers({ podSandboxId: sandboxId })).toEqual(await simulated.listContainers())
    expect(await client.runtime.listPodSandbox({ state: 'SANDBOX_READY' })).toEqual(await simulated.listPodSandbox())
    expect(await client.images.imageStatus({ image: 'busybox:1.36' })).toMatchObject({ uid: 1000n })
    expect(await client.images.imageStatus({ image: 'absent' })).toBeUndefined()
  })

  it('given an error of the service, then the client gets its code and its bare words', async () => {
    simulated.failNext('runPodSandbox', new CriError('PermissionDenied', 'privileged containers are not allowed'))
    const error = await client.runtime.runPodSandbox(aPodSandboxConfig()).catch((failure: unknown) => failure)
    expect(error).toBeInstanceOf(CriError)
    expect(error).toMatchObject({ code: 'PermissionDenied', message: 'privileged containers are not allowed' })
  })

  it('given a request without metadata, then InvalidArgument names the field and the service is not called', async () => {
    const config = { ...aPodSandboxConfig(), metadata: undefined }
    await expect(client.runtime.runPodSandbox(config as never)).rejects.toMatchObject({
      code: 'InvalidArgument',
      message: 'config.metadata must be set',
    })
    expect(simulated.callsOf('runPodSandbox')).toHaveLength(0)
  })

  it('given bytes that are no message, then InvalidArgument and not a crash', async () => {
    const raw = new Client(`unix:${socketPath}`, credentials.createInsecure())
    store.add(toDisposable(() => raw.close()))
    const same = (bytes: Buffer): Buffer => bytes
    const error = await new Promise((resolve) => {
      raw.makeUnaryRequest('/runtime.v1.RuntimeService/StopContainer', same, same, Buffer.from([10, 200]), resolve)
    })
    expect(error).toMatchObject({ code: 3 })
    await expect(client.runtime.version()).resolves.toMatchObject({ runtimeName: 'simulated' })
  })

  it('when events are subscribed, then they arrive after onOpen, and an abort ends the stream', async () => {
    const abort = new AbortController()
    const events: ContainerEventResponse[] = []
    const opened = Promise.withResolvers<void>()
    const second = Promise.withResolvers<void>()
    const done = client.runtime.getContainerEvents({
      signal: abort.signal,
      onOpen: opened.resolve,
      onEvent: (event) => {
        if (events.push(event) === 2) second.resolve()
      },
    })
    await opened.promise
    const sandboxId = await client.runtime.runPodSandbox(aPodSandboxConfig())
    await second.promise
    abort.abort()
    await done
    expect(events.map((event) => [event.containerId, event.containerEventType])).toEqual([
      [sandboxId, 'CONTAINER_CREATED_EVENT'],
      [sandboxId, 'CONTAINER_STARTED_EVENT'],
    ])
    expect(events[1]?.podSandboxStatus).toEqual(await simulated.podSandboxStatus(sandboxId))
  })

  it('given a killed service whose socket file stayed, when it is served again, then the same client works on', async () => {
    await client.runtime.version()
    await store.dispose()
    await serveLater()
    await expect
      .poll(() => client.runtime.version().catch(() => undefined), { interval: 50 })
      .toMatchObject({ runtimeName: 'simulated' })
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600)
  })

  async function serveLater(): Promise<void> {
    store = new DisposableStore()
    const folder = await mkdtemp(join(tmpdir(), 'cri-'))
    store.add(toDisposable(() => rm(folder, { recursive: true })))
    socketPath = join(folder, 'cri.sock')
    client = store.add(createCriClient({ socketPath }))
    await expect(client.runtime.version()).rejects.toMatchObject({ code: 'Unavailable' })
    await writeFile(socketPath, '')
    await serve()
  }

  it('given an open event stream, when the service goes away, then the stream rejects with Unavailable', async () => {
    const opened = Promise.withResolvers<void>()
    const done = client.runtime.getContainerEvents({
      signal: new AbortController().signal,
      onOpen: opened.resolve,
      onEvent: () => undefined,
    })
    await opened.promise
    simulated.breakEventStreams()
    await expect(done).rejects.toMatchObject({ code: 'Unavailable' })
  })
})
