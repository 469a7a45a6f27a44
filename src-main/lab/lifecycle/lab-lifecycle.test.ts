import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LAB_LABEL, NODE_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import { TestHome } from '../testing/test-home.ts'

let home = new TestHome()
beforeEach(() => {
  home = new TestHome()
})
afterEach(() => home.dispose())

/** `lab.yaml`, folders and all that the engine has. */
function endState(of: TestHome): unknown {
  const lab = path.join(of.folder, 'labs', 't')
  const withoutHome = JSON.stringify(of.engine.snapshot()).replaceAll(of.folder, 'HOME')
  return {
    spec: readFileSync(path.join(lab, 'lab.yaml'), 'utf8'),
    manifests: ['node01', 'node02'].map((node) => existsSync(path.join(lab, 'nodes', node, 'manifests'))),
    // The hash covers the home's path, which is another one for each test.
    engine: withoutHome.replaceAll(/"io.node-lab.spec-hash":"\w+"/g, ''),
  }
}

/** A container of a pod, as the runtime service would have made it. */
async function addPod(of: TestHome, node: string): Promise<string> {
  const name = `node-lab.t.${node}.k8s_c_web_default_u_0`
  await of.engine.createContainer({
    name,
    image: 'busybox',
    labels: { [LAB_LABEL]: 't', [NODE_LABEL]: node, [ROLE_LABEL]: 'container' },
    mounts: [],
    network: { mode: 'none' },
    restartPolicy: 'no',
  })
  await of.engine.startContainer(name)
  return name
}

describe('given no lab', () => {
  it('when it is brought up, then nodes and runtime services run, each as the design says', async () => {
    const status = await (await home.manager()).up('t', { nodes: 2 })
    expect(status.state).toBe('running')
    expect(status.nodes.map(({ name, address, kubelet }) => [name, address, kubelet])).toEqual([
      ['node01', '172.30.0.11', 'running'],
      ['node02', '172.30.0.12', 'running'],
    ])
    const node = home.engine.containerNamed('node-lab.t.node01')?.spec
    expect(node?.mounts.filter((mount) => mount.type === 'bind')).toEqual([
      {
        type: 'bind',
        source: path.join(home.folder, 'labs/t/nodes/node01/manifests'),
        target: '/etc/kubernetes/manifests',
      },
    ])
    expect(node).toMatchObject({ hostname: 'node01', restartPolicy: 'always', publish: { 6443: 26443 } })
    expect(node?.securityOptions).toBeUndefined()
    const runtime = home.engine.containerNamed('node-lab.t.node01.runtime')?.spec
    expect(runtime?.network).toEqual({ mode: 'none' })
    expect(runtime?.mounts).toContainEqual({ type: 'bind', source: '/run/fake.sock', target: '/run/docker.sock' })
  })

  it.each([
    ['down', (manager) => manager.down('t')],
    ['node add', (manager) => manager.addNode('t', undefined)],
    ['node stop', (manager) => manager.stopNode({ lab: 't', node: 'node01' })],
    ['pods', (manager) => manager.pods('t')],
  ] satisfies [string, (manager: Awaited<ReturnType<TestHome['manager']>>) => Promise<unknown>][])(
    'when %s is asked for, then it is NotFound and nothing is made',
    async (_name, ask) => {
      await expect(ask(await home.manager())).rejects.toMatchObject({ kind: 'NotFound' })
      expect(home.engine.calls).toEqual([])
    },
  )

  it('when it is deleted, then nothing happens', async () => {
    await (await home.manager()).delete('t')
    expect(home.engine.calls).toEqual([])
  })

  it('when the name is none, then it is refused', async () => {
    await expect((await home.manager()).up('../x', {})).rejects.toMatchObject({ kind: 'BadRequest' })
  })
})

describe('given a lab that is up', () => {
  beforeEach(async () => {
    await (await home.manager()).up('t', { nodes: 2 })
    home.engine.calls.length = 0
  })

  it('when it is brought up again, then its nodes are told of one another, and nothing is changed', async () => {
    const before = endState(home)
    await (await home.manager()).up('t', { nodes: 2 })
    expect(home.engine.calls).toEqual(['exec', 'exec'])
    expect(endState(home)).toEqual(before)
  })

  it.each<[string, () => unknown]>([
    ['a node container', () => home.engine.removeContainer('node-lab.t.node01')],
    ['a runtime service', () => home.engine.removeContainer('node-lab.t.node02.runtime')],
    ['a node that was stopped', () => home.engine.stopContainer('node-lab.t.node01')],
    ['a restart policy', () => home.engine.setRestartPolicy('node-lab.t.node01', 'no')],
    ['a manifest folder', () => rmSync(path.join(home.folder, 'labs/t/nodes/node01/manifests'), { recursive: true })],
    ['the network', () => home.engine.networks.clear()],
    ['everything', () => [home.engine.containers.clear(), home.engine.networks.clear(), home.engine.volumes.clear()]],
    ['the volume of a node', () => [home.engine.containers.clear(), home.engine.volumes.delete('node-lab.t.node01')]],
  ])('when %s is gone behind its back, then `up` brings it back', async (_what, harm) => {
    const before = endState(home)
    await harm()
    expect(endState(home)).not.toEqual(before)
    await (await home.manager()).up('t', {})
    expect(endState(home)).toEqual(before)
  })

  it('when the images have changed, then containers are made anew and volumes stay', async () => {
    home.images = { ...home.images, node: 'node:2' }
    await (await home.manager()).up('t', {})
    expect(home.engine.containerNamed('node-lab.t.node01')?.spec.image).toBe('node:2')
    expect(home.engine.calls.filter((call) => call.includes('volume'))).toEqual([])
  })

  it('when it is stopped, then nothing of it runs or would start by itself, and `up` starts it', async () => {
    const before = endState(home)
    const pod = await addPod(home, 'node01')
    const status = await (await home.manager()).down('t')
    expect(status.state).toBe('stopped')
    for (const { state, restartPolicy } of home.engine.containers.values()) {
      expect([state, restartPolicy]).toEqual(['exited', 'no'])
    }
    // It tells the next boot how the pod ended; here it is in the way of the comparison.
    await home.engine.removeContainer(pod)
    await (await home.manager()).up('t', {})
    expect(endState(home)).toEqual(before)
  })

  it('when one node is stopped, then its pods die with it and the other node is not touched', async () => {
    const [dead, alive] = [await addPod(home, 'node01'), await addPod(home, 'node02')]
    const status = await (await home.manager()).stopNode({ lab: 't', node: 'node01' })
    expect(status).toMatchObject({ state: 'running', nodes: [{ state: 'stopped' }, { state: 'running' }] })
    expect(status.message).toBeUndefined()
    expect(home.engine.containerNamed(dead)?.state).toBe('exited')
    expect(home.engine.containerNamed(alive)?.state).toBe('running')
    home.engine.calls.length = 0
    await (await home.manager()).startNode({ lab: 't', node: 'node01' })
    expect(home.engine.calls.filter((call) => call.includes('node02'))).toEqual([])
  })

  it('when a node is added and removed, then nothing of it is left', async () => {
    const before = endState(home)
    const status = await (await home.manager()).addNode('t', undefined)
    expect(status.nodes.map(({ name, address }) => [name, address]).at(-1)).toEqual(['node03', '172.30.0.13'])
    await (await home.manager()).removeNode({ lab: 't', node: 'node03' })
    expect(endState(home)).toEqual(before)
    expect(existsSync(path.join(home.folder, 'labs/t/nodes/node03'))).toBe(false)
  })

  it('when the removal of a node was cut short after its entry had gone, then `up` finishes it', async () => {
    const before = endState(home)
    await (await home.manager()).addNode('t', 'extra')
    home.engine.interrupt(3, 'before')
    await expect((await home.manager()).removeNode({ lab: 't', node: 'extra' })).rejects.toMatchObject({
      kind: 'NoEngine',
    })
    home.engine.disarm()
    await (await home.manager()).up('t', {})
    expect(endState(home)).toEqual(before)
  })

  it('when it is deleted, then nothing of it is left, and what is not its own stays', async () => {
    await addPod(home, 'node01')
    await home.engine.createVolume('foreign', {})
    await (await home.manager()).up('other', { nodes: 1 })
    await (await home.manager()).delete('t')
    expect([...home.engine.volumes.keys()]).toEqual(['foreign', 'node-lab.other.node01'])
    expect([...home.engine.containers.values()].map(({ spec }) => spec.labels[LAB_LABEL])).toEqual(['other', 'other'])
    expect([...home.engine.networks.values()].map(({ name }) => name)).toEqual(['node-lab.other'])
    expect(existsSync(path.join(home.folder, 'labs/t'))).toBe(false)
  })

  it('when its file has gone, then delete still removes all of it', async () => {
    rmSync(path.join(home.folder, 'labs/t'), { recursive: true })
    await addPod(home, 'node01')
    await (await home.manager()).delete('t')
    expect(home.engine.snapshot()).toEqual({ containers: [], networks: [], volumes: [] })
  })

  it('when another home asks for a lab of that name, then it is a conflict, and nothing is touched', async () => {
    const other = new TestHome(home.engine)
    const before = endState(home)
    await expect((await other.manager()).up('t', {})).rejects.toMatchObject({ kind: 'Conflict' })
    await expect((await other.manager()).delete('t')).rejects.toMatchObject({ kind: 'Conflict' })
    expect(endState(home)).toEqual(before)
    expect(existsSync(path.join(other.folder, 'labs/t'))).toBe(false)
    await other.dispose()
  })

  it('when its file is broken, then the field is named and nothing is touched', async () => {
    writeFileSync(path.join(home.folder, 'labs/t/lab.yaml'), 'apiVersion: node-lab/v1\npolicy: {}\n')
    await expect((await home.manager()).up('t', {})).rejects.toMatchObject({
      kind: 'BadRequest',
      details: { field: 'policy' },
    })
    expect(home.engine.calls).toEqual([])
  })
})

describe('given addresses that somebody else has taken', () => {
  it('when a lab is made, then it gets the next free range', async () => {
    home.usedSubnets.push('172.30.0.0/23')
    expect((await (await home.manager()).up('t', { nodes: 1 })).subnet).toBe('172.30.2.0/24')
  })

  it('when the range was taken while the lab had no network, then its nodes move, and keep their places', async () => {
    await (await home.manager()).up('t', { nodes: 1 })
    home.engine.containers.clear()
    home.engine.networks.clear()
    home.usedSubnets.push('172.30.0.0/16')
    const status = await (await home.manager()).up('t', {})
    expect([status.subnet, status.nodes[0]?.address]).toEqual(['172.31.0.0/24', '172.31.0.11'])
  })

  it('when a port was taken while the lab was stopped, then the node gets another one', async () => {
    await (await home.manager()).up('t', { nodes: 1 })
    await (await home.manager()).down('t')
    home.engine.takenPorts.add(26443)
    expect((await (await home.manager()).up('t', {})).state).toBe('running')
    expect(home.engine.containerNamed('node-lab.t.node01')?.spec.publish).toEqual({ 6443: 26444 })
  })

  it('given an engine elsewhere, where more ports are taken than can be seen here, then the lab finds free ones', async () => {
    for (let port = 26443; port < 26453; port++) home.engine.takenPorts.add(port)
    expect((await (await home.manager()).up('t', { nodes: 2 })).state).toBe('running')
    const ports = ['node01', 'node02'].map(
      (node) => home.engine.containerNamed(`node-lab.t.${node}`)?.spec.publish?.[6443],
    )
    expect(ports.toSorted()).toEqual([26453, 26454])
  })
})

describe('given a volume that cannot be filled', () => {
  it('when the lab is brought up, then the helper is removed and its words are told', async () => {
    home.engine.helperExitCode = 1
    await expect((await home.manager()).up('t', { nodes: 1 })).rejects.toMatchObject({ message: /node01.*last words/ })
    expect(home.engine.containers.size).toBe(0)
  })
})

describe('given an `up` that is killed in the middle', () => {
  /** How many engine calls an undisturbed `up` makes. */
  async function countCalls(): Promise<{ calls: number; expected: unknown }> {
    const undisturbed = new TestHome()
    undisturbed.engine.interrupt(Number.POSITIVE_INFINITY, 'before')
    await (await undisturbed.manager()).up('t', { nodes: 2 })
    const calls = undisturbed.engine.disarm()
    const expected = endState(undisturbed)
    await undisturbed.dispose()
    return { calls, expected }
  }

  it.each(['before', 'after'] as const)(
    'when it ends %s any of its engine calls, then the next `up` ends in the same lab',
    async (when) => {
      const { calls, expected } = await countCalls()
      expect(calls).toBeGreaterThan(20)
      for (let call = 1; call <= calls; call++) {
        const victim = new TestHome()
        victim.engine.interrupt(call, when)
        const outcome = await (await victim.manager()).up('t', { nodes: 2 }).then(
          () => 'done',
          () => 'killed',
        )
        expect(outcome, `call ${call}`).toBe('killed')
        victim.engine.disarm()
        await (await victim.manager()).up('t', { nodes: 2 })
        expect(endState(victim), `interrupted ${when} call ${call}`).toEqual(expected)
        await victim.dispose()
      }
    },
  )

  it('when a `delete` ends before any of its calls, then the next one leaves nothing', async () => {
    for (let call = 1; ; call++) {
      const victim = new TestHome()
      await (await victim.manager()).up('t', { nodes: 2 })
      await addPod(victim, 'node01')
      victim.engine.interrupt(call, 'before')
      const outcome = await (await victim.manager()).delete('t').then(
        () => 'done',
        () => 'killed',
      )
      victim.engine.disarm()
      await (await victim.manager()).delete('t')
      expect(victim.engine.snapshot(), `call ${call}`).toEqual({ containers: [], networks: [], volumes: [] })
      expect(existsSync(path.join(victim.folder, 'labs/t'))).toBe(false)
      await victim.dispose()
      if (outcome === 'done') break
    }
  })
})

describe('given two commands at once', () => {
  it('when both bring the same lab up, then it is made once', async () => {
    const [first, second] = [await home.manager(), await home.manager()]
    await Promise.all([first.up('t', { nodes: 2 }), second.up('t', { nodes: 2 })])
    expect(home.engine.calls.filter((call) => call === 'create node-lab.t.node01')).toHaveLength(1)
  })

  it('when the lock of a dead process lies there, then it is broken', async () => {
    mkdirSync(path.join(home.folder, 'locks'))
    writeFileSync(path.join(home.folder, 'locks/t.lock'), JSON.stringify({ pid: 2 ** 22 + 1, started: 'x', id: 'y' }))
    expect((await (await home.manager()).up('t', { nodes: 1 })).state).toBe('running')
    expect(existsSync(path.join(home.folder, 'locks/t.lock'))).toBe(false)
  })

  it('when a lock names this pid but an earlier process, then it is broken', async () => {
    mkdirSync(path.join(home.folder, 'locks'))
    writeFileSync(
      path.join(home.folder, 'locks/t.lock'),
      JSON.stringify({ pid: process.pid, started: 'boot:1', id: 'y' }),
    )
    expect((await (await home.manager()).up('t', { nodes: 1 })).state).toBe('running')
  })
})
