/** PortForward on the real engine, through the service's stream socket. */
import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { forwardPort } from '../../kube/streaming/forward-port.ts'
import { EngineNode } from '../testing/engine-node.ts'
import { startPod } from '../testing/engine-pods.ts'
import type { StartedPod } from '../testing/engine-pods.ts'

/** A web server on the pod's loopback only; one that answers nothing and keeps its connections; one that drops and counts them. */
const SERVERS =
  'mkdir /w; echo hello from the pod > /w/index.html; head -c 3000000 /dev/zero > /w/big; httpd -p 127.0.0.1:8080 -h /w; ' +
  'nc -ll -p 7070 -e sleep 1000 & nc -ll -p 6060 -e sh -c "echo >> /w/dropped" & sleep 1000'

let node: EngineNode
let pod: StartedPod

beforeAll(async () => {
  node = await EngineNode.start()
  pod = await startPod(node, SERVERS)
})
afterAll(() => node.dispose())

async function connected(port: number): Promise<{ client: Socket; forwarding: Promise<void> }> {
  const url = await node.cri.runtime.portForward({ podSandboxId: pod.sandboxId, port: [port] })
  expect(url).toMatch(/^ws\+unix:\/\/\/.+\/stream\.sock:\/portforward\/[0-9a-f]{32}$/)
  const local = createServer({ allowHalfOpen: true }).listen(0, '127.0.0.1')
  await once(local, 'listening')
  const accepted = once(local, 'connection') as Promise<[Socket]>
  const client = connect({ port: (local.address() as AddressInfo).port, host: '127.0.0.1', allowHalfOpen: true })
  const [connection] = await accepted
  local.close()
  return { client, forwarding: forwardPort(url, connection) }
}

async function listening(): Promise<string> {
  const { stdout } = await node.cri.runtime.execSync(pod.containerId, ['netstat', '-ltn'], 20)
  return Buffer.from(stdout).toString()
}

async function get(path: string): Promise<string> {
  const { client, forwarding } = await connected(8080)
  client.write(`GET ${path} HTTP/1.0\r\n\r\n`)
  const answer = await text(client)
  client.destroy()
  await forwarding
  return answer
}

const processes = async (): Promise<number> => {
  const { Processes } = await node.engine.json<{ Processes: string[][] }>(`/containers/${pod.sandboxId}/top`)
  return Processes.length
}

describe('given a pod that listens on its loopback', () => {
  it('when it has started, then its servers listen', async () => {
    for (const port of [8080, 7070, 6060])
      await expect.poll(listening, { timeout: 20_000 }).toMatch(new RegExp(`:${port} .*LISTEN`))
  })

  it('when its port is forwarded, then requests are answered, large ones too, and nothing stays behind', async () => {
    await expect.poll(() => get('/'), { timeout: 20_000 }).toContain('hello from the pod')
    expect((await get('/big')).length).toBeGreaterThan(3_000_000)
    await expect.poll(processes, { timeout: 20_000 }).toBe(1)
  })

  it('when several connections are open at once, then each has its own answer', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => get('/')))
    expect(answers.every((answer) => answer.includes('hello from the pod'))).toBe(true)
  })

  it('when a client leaves a server that keeps the connection, then its dialler is ended', async () => {
    const { client, forwarding } = await connected(7070)
    client.write('x')
    // Pause, a shell, and its nc.
    await expect.poll(processes, { timeout: 20_000 }).toBe(3)
    client.resetAndDestroy()
    await forwarding.catch(() => undefined)
    await expect.poll(processes, { timeout: 20_000 }).toBe(1)
  })

  it('when a client leaves before its dialler has said a word, then it is ended all the same', async () => {
    const connections = await Promise.all(Array.from({ length: 4 }, () => connected(7070)))
    for (const { client } of connections) client.resetAndDestroy()
    await Promise.allSettled(connections.map(({ forwarding }) => forwarding))
    // The engine may still be starting them.
    await expect.poll(processes, { timeout: 20_000, interval: 500 }).toBe(1)
  })

  it('when the pod drops a connection in the middle of what is sent, then the rest is not sent to another one', async () => {
    const { client, forwarding } = await connected(6060)
    client.on('error', () => undefined)
    client.write(Buffer.alloc(5_000_000))
    await forwarding.catch((error: unknown) => expect(String(error)).toContain('was lost'))
    client.destroy()
    await expect.poll(processes, { timeout: 20_000 }).toBe(1)
    const { stdout } = await node.cri.runtime.execSync(pod.containerId, ['wc', '-l', '/w/dropped'], 20)
    expect(Buffer.from(stdout).toString()).toMatch(/^1 /)
  })

  it('when nobody listens on the port, then the client hears why', async () => {
    const { client, forwarding } = await connected(9)
    await expect(forwarding).rejects.toThrow('cannot connect to port 9 of the pod: Connection refused')
    client.destroy()
  })
})

describe('given a request that makes no sense', () => {
  it.each([
    ['no port', [], 'InvalidArgument'],
    ['port 0', [0], 'InvalidArgument'],
    ['too many ports', Array.from({ length: 65 }, (_, index) => index + 1), 'InvalidArgument'],
  ])('with %s, then it is refused', async (_name, port, code) => {
    await expect(node.cri.runtime.portForward({ podSandboxId: pod.sandboxId, port })).rejects.toMatchObject({ code })
  })

  it('with a sandbox that is not there, or stopped, then it says so', async () => {
    const { runtime } = node.cri
    await expect(runtime.portForward({ podSandboxId: 'f'.repeat(64), port: [80] })).rejects.toMatchObject({
      code: 'NotFound',
    })
    const other = await startPod(node, 'sleep 1000')
    await runtime.stopPodSandbox(other.sandboxId)
    await expect(runtime.portForward({ podSandboxId: other.sandboxId, port: [80] })).rejects.toMatchObject({
      code: 'FailedPrecondition',
    })
    await runtime.removePodSandbox(other.sandboxId)
  })
})
