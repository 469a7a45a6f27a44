/** postStart and preStop. */
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Lifecycle } from '../common/api/core.ts'
import { aManifest, newTestKubelet } from './testing/new-test-kubelet.ts'

const withHooks = (lifecycle: Lifecycle, graceSeconds = 30) =>
  aManifest('web', {
    terminationGracePeriodSeconds: graceSeconds,
    containers: [{ name: 'c', image: 'busybox:1.36', lifecycle }],
  })

describe('preStop', () => {
  it('given a command, then it ends before TERM is sent, and its time is taken off the grace', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exec: () => ({ afterMs: 4000 }) })
    await node.write('web.json', withHooks({ preStop: { exec: { command: ['bye'] } } }))
    await node.remove('web.json')
    await node.pass(3000)
    expect(node.runtime.callsOf('stopContainer')).toEqual([])
    await node.pass(1000)
    expect(node.runtime.callsOf('stopContainer')[0]?.args[1]).toBe(26)
    expect(node.podNames()).toEqual([])
  })

  it('given a command that outlives the grace, then it is abandoned and 2 s are left', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exec: () => ({ afterMs: 60_000 }) })
    await node.write('web.json', withHooks({ preStop: { exec: { command: ['bye'] } } }, 3))
    await node.remove('web.json')
    await node.pass(3000)
    expect(node.runtime.callsOf('stopContainer')[0]?.args[1]).toBe(2)
  })

  it('given a command that fails, then a Warning tells so and the container is stopped', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exec: () => ({ exitCode: 1 }) })
    await node.write('web.json', withHooks({ preStop: { exec: { command: ['bye'] } } }))
    await node.remove('web.json')
    expect(node.timeline().find((entry) => entry.reason === 'FailedPreStopHook')?.message).toBe('PreStopHook failed')
    expect(node.podNames()).toEqual([])
  })
})

describe('postStart', () => {
  it('given a command that succeeds, then the container runs', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', withHooks({ postStart: { exec: { command: ['hello'] } } }))
    expect(node.runtime.callsOf('execSync')[0]?.args[1]).toEqual(['hello'])
    expect(node.container().ready).toBe(true)
  })

  it('given a command that fails, then the container is killed, restarted and backs off', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exec: () => ({ exitCode: 5 }) })
    await node.write('web.json', withHooks({ postStart: { exec: { command: ['hello'] } } }))
    const failure = node.timeline().find((entry) => entry.reason === 'FailedPostStartHook')
    expect(failure).toMatchObject({ type: 'Warning', message: 'PostStartHook failed' })
    expect(failure?.details?.['error']).toContain("command 'hello' exited with 5")
    expect(node.log.some((line) => line.includes('with PostStartHookError'))).toBe(true)
    expect(node.container().state.waiting?.reason).toBe('CrashLoopBackOff')
    expect(node.container().restartCount).toBe(1)
  })

  it('given a command that fails, then the waiting state has its words and output', async () => {
    await using node = await newTestKubelet()
    const said = { stdout: new TextEncoder().encode('oops\n'), stderr: new TextEncoder().encode('sorry\n') }
    node.runtime.behave('c', { exec: () => ({ exitCode: 5, ...said }) })
    const states: unknown[] = []
    node.kubelet.onDidChange(() => states.push(node.kubelet.pods()[0]?.status?.containerStatuses?.[0]?.state.waiting))
    await node.write('web.json', withHooks({ postStart: { exec: { command: ['sh', '-c', 'hello'] } } }))
    const pod = `web-node01_default(${node.pod('web').metadata.uid})`
    expect(states).toContainEqual({
      reason: 'PostStartHookError',
      message: `Exec lifecycle hook ([sh -c hello]) for Container "c" in Pod "${pod}" failed - error: command 'sh -c hello' exited with 5: sorry\n, message: "oops\\nsorry\\n"`,
    })
    expect(node.timeline().find((entry) => entry.reason === 'Killing')?.message).toBe('FailedPostStartHook')
  })

  it('given a command that fails, then the container is stopped as any other: preStop first, then with its grace', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exec: ([command]) => (command === 'bye' ? { afterMs: 3000 } : { exitCode: 1 }) })
    const hooks = { postStart: { exec: { command: ['hello'] } }, preStop: { exec: { command: ['bye'] } } }
    await node.write('web.json', withHooks(hooks, 10))
    await node.pass(3000)
    expect(
      node.runtime
        .callsOf('execSync')
        .slice(0, 2)
        .map((call) => call.args[1]),
    ).toEqual([['hello'], ['bye']])
    expect(node.runtime.callsOf('stopContainer')[0]?.args[1]).toBe(7)
  })

  it('given a command that takes its time, then the container is not shown running before it returns', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exec: () => ({ afterMs: 5000 }) })
    await node.write('web.json', withHooks({ postStart: { exec: { command: ['hello'] } } }))
    await node.pass(4000)
    expect(node.container().state).toEqual({ waiting: { reason: 'ContainerCreating' } })
    await node.pass(1000)
    expect(node.container()).toMatchObject({ ready: true, state: { running: {} } })
  })

  it('given a command that takes its time, when the pod is removed, then its end does not wait for the command', async () => {
    await using node = await newTestKubelet()
    node.runtime.behave('c', { exec: () => ({ afterMs: 600_000 }) })
    await node.write('web.json', withHooks({ postStart: { exec: { command: ['hello'] } } }))
    await node.pass(2000)
    await node.remove('web.json')
    await node.pass(1000)
    expect(node.podNames()).toEqual([])
    expect(node.runtime.population).toEqual({ sandboxes: 0, containers: 0 })
  })

  it('given a sleep, then it is slept', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', withHooks({ postStart: { sleep: { seconds: 3 } } }))
    expect(node.container().state.waiting).toBeDefined()
    await node.pass(3000)
    expect(node.container().ready).toBe(true)
  })

  it('given a tcpSocket, then it cannot be run', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', withHooks({ postStart: { tcpSocket: { port: 80 } } }))
    expect(node.timeline().find((entry) => entry.reason === 'FailedPostStartHook')?.details?.['error']).toContain(
      'only exec, httpGet and sleep can be run',
    )
  })
})

describe('a hook over HTTP', () => {
  /** A server that remembers what it is asked for; the hook is told to go there. */
  async function withServer(
    status: number,
    test: (port: number, asked: { path: string; headers: IncomingHttpHeaders }[]) => Promise<void>,
  ): Promise<void> {
    const asked: { path: string; headers: IncomingHttpHeaders }[] = []
    const server = createServer((request, response) => {
      asked.push({ path: request.url ?? '', headers: request.headers })
      response.writeHead(status).end()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    await test((server.address() as AddressInfo).port, asked)
    server.close()
  }
  const host = '127.0.0.1'

  it('given postStart, then the server is told who asks, and its status does not matter', async () => {
    await using node = await newTestKubelet()
    await withServer(500, async (port, asked) => {
      await node.write('web.json', withHooks({ postStart: { httpGet: { host, port, path: '/hello' } } }))
      await expect.poll(() => node.container().ready).toBe(true)
      expect(asked).toEqual([
        { path: '/hello', headers: expect.objectContaining({ 'user-agent': 'kube-lifecycle/1.35' }) as object },
      ])
    })
  })

  it('given HTTPS and a server without TLS, then it is asked again without, and a Warning tells so', async () => {
    await using node = await newTestKubelet()
    await withServer(200, async (port, asked) => {
      const httpHeaders = [
        { name: 'Authorization', value: 'secret' },
        { name: 'X-Why', value: 'start' },
      ]
      const httpGet = { host, port, scheme: 'HTTPS' as const, httpHeaders }
      await node.write('web.json', withHooks({ postStart: { httpGet } }))
      await expect.poll(() => node.container().ready).toBe(true)
      expect(asked).toHaveLength(1)
      expect(asked[0]?.headers).toMatchObject({ 'x-why': 'start' })
      expect(asked[0]?.headers).not.toHaveProperty('authorization')
      expect(node.timeline().find((entry) => entry.reason === 'LifecycleHTTPFallback')).toMatchObject({
        type: 'Warning',
        container: 'c',
      })
    })
  })

  it('given nobody who listens, then the hook fails and the container is killed', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', withHooks({ postStart: { httpGet: { host, port: 1 } } }))
    await expect
      .poll(() => node.timeline().find((entry) => entry.reason === 'FailedPostStartHook')?.details?.['error'])
      .toContain('dial tcp 127.0.0.1:1: connect: connection refused')
  })
})

describe('a pod that nobody knows any more', () => {
  it('given a preStop, then it still runs, as the container itself says what it is', async () => {
    await using node = await newTestKubelet()
    await node.write('web.json', withHooks({ preStop: { exec: { command: ['bye'] } } }))
    await node.stopKubelet()
    rmSync(join(node.folder, 'web.json'))
    await node.startKubelet()
    await node.pass(3000)
    expect(node.runtime.callsOf('execSync').map((call) => call.args[1])).toEqual([['bye']])
    expect(node.runtime.population).toEqual({ sandboxes: 0, containers: 0 })
  })
})
