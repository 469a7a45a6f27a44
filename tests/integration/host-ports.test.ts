/**
 * Host ports on the addresses of a node (facts 2.18.5, golden/08-hostport.txt): opened, healed, freed, and never on this
 * computer.
 */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { execIn, inspectContainer, killContainer, killMainProcess } from '../support/engine-api.ts'
import { shellManifest } from '../support/manifests.ts'
import { TestLab } from '../support/test-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const lab = new TestLab('ports')
const node = `node-lab.${lab.name}.node01`
const [WEB, UDP, LOCAL, TAKEN] = [18_080, 18_053, 18_081, 18_082]
let address = ''

interface PortSettings {
  hostPort: number
  containerPort?: number
  protocol?: 'TCP' | 'UDP'
  hostIP?: string
}

function portManifest(name: string, script: string, port: PortSettings): string {
  const command = ['sh', '-c', script]
  const container = { name: 'main', image: 'busybox:1.36', command, ports: [{ containerPort: 80, ...port }] }
  return shellManifest(name, script, { containers: [container], terminationGracePeriodSeconds: 1 })
}

/** Answers each request with `words`. */
const httpServer = (words: string): string => `mkdir /www; echo ${words} > /www/index.html; exec httpd -f -p 80 -h /www`

const curl = (where: string): string[] => ['curl', '-sS', '--max-time', '10', `http://${where}/`]
const fromNode = (port: number): Promise<string> => execIn(node, ...curl(`127.0.0.1:${port}`))
const fromOtherNode = (port: number): Promise<string> =>
  execIn(`node-lab.${lab.name}.node02`, ...curl(`${address}:${port}`))

/** @param look throws while it is not so yet */
async function eventually<T>(what: string, look: () => Promise<T>): Promise<T> {
  const found = await waitUntil({ what, timeoutSeconds: 60, intervalMs: 250 }, async () => ({ is: await look() }))
  return found.is
}

async function messagesOf(pod: string): Promise<string> {
  const entries = await lab.timeline()
  return entries
    .filter((entry) => entry.pod?.name === pod)
    .map(({ type, reason, message }) => `${type} ${reason} ${message}`)
    .join('\n')
}

function answersOnThisComputer(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

const forwarders = (): Promise<string> => execIn(node, 'sh', '-c', 'pgrep -x port-forwarder || true')

beforeAll(async () => {
  const { nodes } = await lab.json<{ nodes: { address: string }[] }>('up', '--nodes', '2', '--json')
  address = nodes[0]?.address ?? ''
})

afterAll(() => lab.dispose())

describe('given a pod with a host port', () => {
  it('when it runs, then the node and the lab reach it at the node’s addresses, and this computer has no such port', async () => {
    expect(await forwarders()).toBe('')
    await lab.drop('web.json', portManifest('web', httpServer('first'), { hostPort: WEB }))
    await lab.waitForRunning('web-node01')
    expect(await eventually('an answer', () => fromNode(WEB))).toContain('first')
    expect(await fromOtherNode(WEB)).toContain('first')
    expect(await answersOnThisComputer(WEB)).toBe(false)
    const [sandbox = ''] = await lab.containers('sandbox')
    expect(
      Object.values((await inspectContainer(sandbox)).NetworkSettings.Ports)
        .flat()
        .filter(Boolean),
    ).toEqual([])
    const told = await messagesOf('web-node01')
    for (const reason of ['Pulled', 'Created', 'Started']) expect(told).toContain(`Normal ${reason} `)
    expect(told).not.toContain('Warning')
  })

  it('when its sandbox is killed, then the port leads to the new one', async () => {
    const [sandbox = ''] = await lab.containers('sandbox')
    await killContainer(sandbox)
    await lab.waitForRunning('web-node01', 1)
    expect(await eventually('an answer', () => fromNode(WEB))).toContain('first')
  })

  it.each<[string, () => Promise<unknown>]>([
    ['the port forwarder is killed', () => execIn(node, 'pkill', '-9', '-x', 'port-forwarder')],
    ['the runtime service is killed', () => killMainProcess(`${node}.runtime`)],
    ['the kubelet is restarted', () => lab.ok('node', 'restart-kubelet', 'node01')],
  ])('when %s, then the port is open again', async (_what, harm) => {
    await harm()
    expect(await eventually('an answer', () => fromNode(WEB))).toContain('first')
    expect((await forwarders()).trim().split('\n')).toHaveLength(1)
  })

  it('when another pod asks for the same port, then that one does not start and is told why', async () => {
    await lab.drop('rival.json', portManifest('rival', httpServer('rival'), { hostPort: WEB }))
    await eventually('words', async () => {
      const told = await messagesOf('rival-node01')
      if (!/the port is in use there by pod default\/web-node01|free ports for the requested pod ports/.test(told))
        throw new Error(told)
    })
    expect(await fromNode(WEB)).toContain('first')
    await lab.removeFile('rival.json')
    await lab.waitForGone('rival-node01')
  })

  it('when its manifest is edited, then the port leads to the new pod', async () => {
    await lab.drop('web.json', portManifest('web', httpServer('second'), { hostPort: WEB }))
    await eventually('the new page', async () => {
      const page = await fromNode(WEB)
      if (!page.includes('second')) throw new Error(page)
    })
  })

  it('when the node is stopped and started, then the port is open again', async () => {
    await lab.ok('node', 'stop', 'node01')
    await lab.ok('node', 'start', 'node01')
    expect(await eventually('an answer', () => fromNode(WEB))).toContain('second')
  })

  it('when its manifest is removed, then the port is free and no forwarder is left', async () => {
    await lab.removeFile('web.json')
    await lab.waitForGone('web-node01')
    await expect(fromNode(WEB)).rejects.toThrow(/refused|Failed to connect|Could not connect/i)
    expect(await forwarders()).toBe('')
  })
})

describe('given a host port of UDP', () => {
  it('when datagrams are sent to the node, then each sender gets its answer', async () => {
    // The node's own image, since the workload images have nothing that speaks UDP.
    const { Image: image } = (await inspectContainer(node)).Config
    const ports = [{ containerPort: 80, hostPort: UDP, protocol: 'UDP' }]
    const containers = [{ name: 'main', image, command: ['socat', 'UDP4-RECVFROM:80,fork', 'EXEC:cat'], ports }]
    await lab.drop('udp.json', shellManifest('udp', '', { containers }))
    await lab.waitForRunning('udp-node01')
    const ask = `printf 'to %s' udp | socat -t 3 - UDP4:${address}:${UDP}`
    expect(
      await eventually('an answer', async () => {
        const answer = await execIn(`node-lab.${lab.name}.node02`, 'sh', '-c', ask)
        if (answer === '') throw new Error('no answer')
        return answer
      }),
    ).toContain('to udp')
    await lab.removeFile('udp.json')
  })
})

describe('given a host port on one address of the node', () => {
  it('when it is the loopback, then only the node itself reaches it', async () => {
    await lab.drop('local.json', portManifest('local', httpServer('local'), { hostPort: LOCAL, hostIP: '127.0.0.1' }))
    await lab.waitForRunning('local-node01')
    expect(await eventually('an answer', () => fromNode(LOCAL))).toContain('local')
    await expect(fromOtherNode(LOCAL)).rejects.toThrow(/refused|Failed to connect|Could not connect/i)
    expect(await answersOnThisComputer(LOCAL)).toBe(false)
    await lab.removeFile('local.json')
  })
})

describe('given a host port that a program of the node has', () => {
  it('when the pod is to start, then it is told why it cannot, and it starts when the port is free', async () => {
    // In the node's network, with a port that its manifest does not declare.
    const holder = { hostNetwork: true, terminationGracePeriodSeconds: 1 }
    await lab.drop('holder.json', shellManifest('holder', `exec httpd -f -p ${TAKEN} -h /etc`, holder))
    await lab.waitForRunning('holder-node01')
    await eventually('the port to be taken', () => execIn(node, 'curl', '-sS', `127.0.0.1:${TAKEN}/passwd`))
    await lab.drop('late.json', portManifest('late', httpServer('late'), { hostPort: TAKEN }))
    await eventually('words', async () => {
      const told = await messagesOf('late-node01')
      const words = `host port ${TAKEN}/TCP cannot be opened on node01: the port is in use there`
      if (!told.includes('Warning FailedCreatePodSandBox') || !told.includes(words)) throw new Error(told)
    })
    expect(await lab.containers('sandbox', 'label=io.kubernetes.pod.name=late-node01')).toEqual([])
    await lab.removeFile('holder.json')
    await lab.waitForRunning('late-node01')
    expect(await eventually('an answer', () => fromNode(TAKEN))).toContain('late')
  })
})
