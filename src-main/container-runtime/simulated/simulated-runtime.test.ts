import { describe, expect, it } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
import { CriError } from '../cri.ts'
import type { ContainerEventResponse } from '../cri.ts'
import { aContainerConfig, aPodSandboxConfig } from '../testing/configs.ts'
import { SimulatedRuntime } from './simulated-runtime.ts'

function setUp() {
  const clock = new FakeClock()
  const runtime = new SimulatedRuntime({ clock, images: [{ reference: 'busybox:1.36', present: true }] })
  const start = async (attempt = 0) => {
    const sandboxId = await runtime.runPodSandbox(aPodSandboxConfig())
    const containerId = await runtime.createContainer(sandboxId, aContainerConfig({ attempt }), aPodSandboxConfig())
    await runtime.startContainer(containerId)
    return { sandboxId, containerId }
  }
  return { clock, runtime, start }
}

describe('SimulatedRuntime', () => {
  it('given a container that exits after 5 s with 3, when time passes, then it has', async () => {
    const { clock, runtime, start } = setUp()
    runtime.behave('app', { exitAfterMs: 5000, exitCode: 3 })
    const { containerId } = await start()
    await clock.advance(4999)
    expect((await runtime.containerStatus(containerId)).state).toBe('CONTAINER_RUNNING')
    await clock.advance(1)
    const status = await runtime.containerStatus(containerId)
    expect(status).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: 3, reason: 'Error' })
    expect(status.finishedAt - status.startedAt).toBe(5_000_000_000n)
    expect(clock.pendingTimers).toBe(0)
  })

  it('given behaviours in a row, then each attempt takes the next and the last one stays', async () => {
    const { clock, runtime, start } = setUp()
    runtime.behave('app', { exitAfterMs: 0, exitCode: 1 }, { exitAfterMs: 0, exitCode: 2 })
    const codes = []
    for (const attempt of [0, 1, 2]) {
      const { containerId } = await start(attempt)
      await clock.advance(0)
      codes.push((await runtime.containerStatus(containerId)).exitCode)
    }
    expect(codes).toEqual([1, 2, 2])
  })

  it('given a container that ignores SIGTERM, when stopped, then it is killed after the grace', async () => {
    const { clock, runtime, start } = setUp()
    runtime.behave('app', { onTerm: 'ignore' })
    const { containerId } = await start()
    const stopping = runtime.stopContainer(containerId, 10)
    await clock.advance(9999)
    expect((await runtime.containerStatus(containerId)).state).toBe('CONTAINER_RUNNING')
    await clock.advance(1)
    await stopping
    expect(await runtime.containerStatus(containerId)).toMatchObject({ exitCode: 137, reason: 'Error' })
    await runtime.stopContainer(containerId, 10)
  })

  it('given a start that fails, then it says so and the container could not run', async () => {
    const { runtime } = setUp()
    runtime.behave('app', { startError: 'no such file' })
    const sandboxId = await runtime.runPodSandbox(aPodSandboxConfig())
    const containerId = await runtime.createContainer(sandboxId, aContainerConfig(), aPodSandboxConfig())
    await expect(runtime.startContainer(containerId)).rejects.toThrow('no such file')
    const status = await runtime.containerStatus(containerId)
    expect(status).toMatchObject({ state: 'CONTAINER_EXITED', exitCode: 127, reason: 'ContainerCannotRun' })
    expect(status.startedAt).toBe(status.createdAt)
  })

  it('given an image that is not there, when pulled, then it takes its time and is there', async () => {
    const { clock, runtime } = setUp()
    runtime.setImage({ reference: 'nginx', present: false, pullMs: 3000 })
    expect(await runtime.images.imageStatus({ image: 'docker.io/library/nginx:latest' })).toBeUndefined()
    const pulling = runtime.images.pullImage({ image: 'nginx:latest' })
    await clock.advance(3000)
    expect(await runtime.images.imageStatus({ image: 'nginx' })).toMatchObject({ id: await pulling })
    await expect(runtime.images.pullImage({ image: 'absent' })).rejects.toMatchObject({ code: 'NotFound' })
  })

  it('given injected failures, then so many calls fail without effect, and all calls are recorded', async () => {
    const { runtime } = setUp()
    runtime.failNext('runPodSandbox', new CriError('ResourceExhausted', 'full'), 2)
    for (let count = 0; count < 2; count++)
      await expect(runtime.runPodSandbox(aPodSandboxConfig())).rejects.toMatchObject({ code: 'ResourceExhausted' })
    expect(runtime.population).toEqual({ sandboxes: 0, containers: 0 })
    await runtime.runPodSandbox(aPodSandboxConfig())
    expect(runtime.callsOf('runPodSandbox')).toHaveLength(3)
  })

  it('when pods come and go, then events tell it in order, the stopped one with its exit', async () => {
    const { clock, runtime, start } = setUp()
    const events: ContainerEventResponse[] = []
    const abort = new AbortController()
    const done = runtime.getContainerEvents({ signal: abort.signal, onEvent: (event) => events.push(event) })
    await clock.advance(0)
    const { sandboxId, containerId } = await start()
    runtime.exitContainer(containerId)
    await runtime.removePodSandbox(sandboxId)
    await clock.advance(0)
    expect(
      events.map(({ containerId: id, containerEventType: type }) => [id === sandboxId ? 's' : 'c', type.split('_')[1]]),
    ).toEqual([
      ['s', 'CREATED'],
      ['s', 'STARTED'],
      ['c', 'CREATED'],
      ['c', 'STARTED'],
      ['c', 'STOPPED'],
      ['s', 'STOPPED'],
      ['c', 'DELETED'],
      ['s', 'DELETED'],
    ])
    expect(events[4]?.containersStatuses).toMatchObject([{ id: containerId, state: 'CONTAINER_EXITED', exitCode: 137 }])
    abort.abort()
    await done
  })

  it('given a runtime that is down, then calls and streams fail with Unavailable and containers live on', async () => {
    const { clock, runtime, start } = setUp()
    const { containerId } = await start()
    const stream = runtime.getContainerEvents({ signal: new AbortController().signal, onEvent: () => undefined })
    await clock.advance(0)
    runtime.setUnavailable(true)
    await expect(stream).rejects.toMatchObject({ code: 'Unavailable' })
    await expect(runtime.version()).rejects.toMatchObject({ code: 'Unavailable' })
    runtime.setUnavailable(false)
    expect((await runtime.containerStatus(containerId)).state).toBe('CONTAINER_RUNNING')
  })

  it('given a pause process that dies, then the sandbox is not ready and its containers are dead', async () => {
    const { runtime, start } = setUp()
    const { sandboxId, containerId } = await start()
    runtime.killSandbox(sandboxId)
    expect(await runtime.podSandboxStatus(sandboxId)).toMatchObject({ state: 'SANDBOX_NOTREADY', ip: '' })
    expect((await runtime.containerStatus(containerId)).exitCode).toBe(137)
  })

  it('given a command that takes longer than its timeout, then DeadlineExceeded', async () => {
    const { clock, runtime, start } = setUp()
    runtime.behave('app', { exec: (command) => ({ exitCode: command[0] === 'bad' ? 1 : 0, afterMs: 3000 }) })
    const { containerId } = await start()
    const late = runtime.execSync(containerId, ['slow'], 1).catch((error: unknown) => error)
    const good = runtime.execSync(containerId, ['bad'], 5)
    await clock.advance(3000)
    expect(await late).toMatchObject({ code: 'DeadlineExceeded' })
    expect(await good).toMatchObject({ exitCode: 1 })
  })
})
