import { describe, expect, it } from 'vitest'
import { FakeClock, settle } from '../../../base/testing/fake-clock.ts'
import type { HostPort } from '../../../common/port-forwarding.ts'
import { aPodSandboxConfig, aServiceOptions } from '../../testing/configs.ts'
import { FakeForwarder } from '../../testing/fake-forwarder.ts'
import { readIdentity, sandboxEngineName, sandboxLabels } from '../engine-labels.ts'
import type { BootState } from '../node-boot.ts'
import type { ListedContainer } from '../node-engine.ts'
import { HostPorts } from './host-ports.ts'

const options = aServiceOptions()
const logger = { info: () => undefined, warn: () => undefined, error: () => undefined }
const WEB: HostPort = { protocol: 'TCP', hostIp: '0.0.0.0', hostPort: 8080, containerPort: 80 }

function aSandbox(name: string, change: { boot?: string; state?: 'running' | 'exited' } = {}): ListedContainer {
  const config = { ...aPodSandboxConfig({ name }), portMappings: [{ ...WEB, hostIp: '' }] }
  const labels = sandboxLabels(options, config, change.boot ?? 'boot', 1n)
  const identity = readIdentity(options, labels)
  if (identity === undefined) throw new Error('the labels of a sandbox are not those of one')
  const summary = {
    Id: name,
    Names: [`/${sandboxEngineName(options, config.metadata)}`],
    ImageID: '',
    State: change.state ?? 'running',
    Labels: labels,
    NetworkSettings: { Networks: { [options.network]: { IPAddress: '10.0.0.2' } } },
  }
  return { summary, labels, identity }
}

const keyOf = (name: string): string => sandboxEngineName(options, aPodSandboxConfig({ name }).metadata)

function newHostPorts(sandboxes: ListedContainer[] = []) {
  const clock = new FakeClock()
  const forwarder = new FakeForwarder()
  const boot: { current: BootState } = { current: { state: 'up', nodeContainerId: 'node', boot: 'boot' } }
  const hostPorts = new HostPorts({
    node: { engine: forwarder.engine, options, list: () => Promise.resolve(sandboxes) },
    boot: { ...boot, require: () => ({ state: 'up', nodeContainerId: 'node', boot: 'boot' }) },
    clock,
    logger,
  })
  const dispose = async (): Promise<void> => {
    await hostPorts.dispose()
    expect(forwarder.isRunning).toBe(false)
    expect(clock.pendingTimers).toBe(0)
  }
  return { hostPorts, forwarder, clock, sandboxes, [Symbol.asyncDispose]: dispose }
}

describe('host ports of a node', () => {
  it('given no pod with host ports, then nothing is started in the node', async () => {
    await using node = newHostPorts()
    await node.hostPorts.sync()
    expect(node.forwarder.commands).toEqual([])
  })

  it('given sandboxes, then those that run in this boot are served, with their addresses', async () => {
    await using node = newHostPorts([
      aSandbox('web-node01'),
      aSandbox('dead-node01', { state: 'exited' }),
      aSandbox('stale-node01', { boot: 'earlier' }),
    ])
    await node.hostPorts.sync()
    expect(node.forwarder.asked).toEqual([[{ key: keyOf('web-node01'), podIp: '10.0.0.2', ports: [WEB] }]])
  })

  it('given the last such pod gone, then the forwarder has ended when the call returns', async () => {
    await using node = newHostPorts([aSandbox('web-node01')])
    await node.hostPorts.sync()
    expect(node.forwarder.isRunning).toBe(true)
    node.sandboxes.length = 0
    await node.hostPorts.sync()
    expect(node.forwarder.isRunning).toBe(false)
  })

  it('given a pod that is being made, then its ports are held for it until it is there', async () => {
    await using node = newHostPorts()
    await node.hostPorts.reserve(keyOf('web-node01'), [WEB])
    node.sandboxes.push(aSandbox('web-node01'))
    node.hostPorts.settle(keyOf('web-node01'))
    await settle()
    const pod = { key: keyOf('web-node01'), ports: [WEB] }
    expect(node.forwarder.asked).toEqual([[{ ...pod, podIp: '' }], [{ ...pod, podIp: '10.0.0.2' }]])
  })

  it('given a port that is taken, then the pod is refused in words and its ports are not held', async () => {
    await using node = newHostPorts([aSandbox('web-node01')])
    node.forwarder.taken.add(8080)
    await expect(node.hostPorts.reserve(keyOf('rival-node01'), [WEB])).rejects.toMatchObject({
      code: 'FailedPrecondition',
      message: 'host port 8080/TCP cannot be opened on node01: the port is in use there by pod default/web-node01',
    })
    await settle()
    expect(node.forwarder.asked.at(-1)?.map(({ key }) => key)).toEqual([keyOf('web-node01')])
  })

  it('given a forwarder that cannot be started, when a pod goes, then that does not fail, and the others are tried again', async () => {
    await using node = newHostPorts([aSandbox('web-node01')])
    const { json } = node.forwarder.engine
    node.forwarder.engine.json = () => Promise.reject(new Error('no more processes'))
    await node.hostPorts.release()
    expect(node.forwarder.isRunning).toBe(false)
    node.forwarder.engine.json = json
    await node.clock.advance(1000)
    expect(node.forwarder.asked).toHaveLength(1)
  })

  it('given a forwarder that is killed, then another one serves the same a second later', async () => {
    await using node = newHostPorts([aSandbox('web-node01')])
    await node.hostPorts.sync()
    node.forwarder.kill()
    await node.clock.advance(1000)
    expect(node.forwarder.isRunning).toBe(true)
    expect(node.forwarder.asked.at(-1)).toEqual(node.forwarder.asked[0])
  })

  it('given a running pod whose port was lost to somebody else, then it is tried until it is free', async () => {
    await using node = newHostPorts([aSandbox('web-node01')])
    node.forwarder.taken.add(8080)
    await node.hostPorts.sync()
    await node.clock.advance(3000)
    expect(node.forwarder.asked).toHaveLength(4)
    node.forwarder.taken.clear()
    await node.clock.advance(5000)
    expect(node.forwarder.asked).toHaveLength(5)
  })
})
