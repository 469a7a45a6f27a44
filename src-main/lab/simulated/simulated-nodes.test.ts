import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Node } from '../../common/api/node.ts'
import { listSimulatedNodes, SIMULATED_LABEL } from '../../common/lab/simulated-nodes.ts'
import { parseSimulatedRecord, SIMULATED_RECORD_PATH } from '../../common/simulated-layout.ts'
import { LEASES, NODES } from '../../kube/resources.ts'
import { MemoryApi } from '../../kube/testing/memory-api.ts'
import { FakeNodeEngine } from '../testing/fake-node-files.ts'
import { TestHome } from '../testing/test-home.ts'

const CONTAINER = 'node-lab.t.simulated'

/** A home whose engine's simulated kubelets register with an API server in memory. */
class World {
  readonly engine = new FakeNodeEngine()
  readonly home = new TestHome(this.engine)
  readonly api = new MemoryApi(() => 0)

  constructor() {
    this.home.openCluster = () => ({ ...this.api.client(), dispose: () => undefined })
    this.engine.onScript = async (container, script) => {
      if (container === CONTAINER && script.startsWith('kill -HUP 1;')) await this.#register()
    }
  }

  async #register(): Promise<void> {
    const record = parseSimulatedRecord(this.file(SIMULATED_RECORD_PATH) ?? '')
    const present = await this.nodes()
    const client = this.api.client()
    for (const name of listSimulatedNodes(record?.nodes).filter((one) => !present.includes(one))) {
      const metadata = { name, labels: { [SIMULATED_LABEL]: 'true' } }
      const conditions = [{ type: 'Ready', status: 'True' as const }]
      await client.create<Node>(NODES, { apiVersion: 'v1', kind: 'Node', metadata, status: { conditions } })
      await client.create(LEASES, {
        apiVersion: 'coordination.k8s.io/v1',
        kind: 'Lease',
        metadata: { name, namespace: 'kube-node-lease' },
      })
    }
  }

  /** With the roles that they have: `sim001 simulated`. */
  async nodes(): Promise<string[]> {
    const { items } = await this.api.client().list<Node>(NODES)
    return items.map(({ metadata }) => metadata.name ?? '').sort()
  }

  file(name: string): string | undefined {
    return this.engine.filesOf(CONTAINER).get(name)?.content
  }

  labFile(...names: string[]): string {
    return path.join(this.home.folder, 'labs', 't', ...names)
  }

  /** All that a lab's simulated nodes have, wherever that is. */
  async endState(): Promise<unknown> {
    const { items } = await this.api.client().list(LEASES)
    const files = this.engine.containerNamed(CONTAINER) === undefined ? [] : this.engine.filesOf(CONTAINER).keys()
    return {
      spec: readFileSync(this.labFile('lab.yaml'), 'utf8'),
      folder: existsSync(this.labFile('nodes', 'simulated')),
      containers: [...this.engine.containers.values()].map(({ spec, state }) => `${spec.name} ${state}`).toSorted(),
      files: [...files].filter((name) => name.includes('simulated')).toSorted(),
      nodes: await this.nodes(),
      leases: items.map(({ metadata }) => metadata.name).toSorted(),
    }
  }

  async aLab(): Promise<void> {
    await (await this.home.manager()).up('t', { nodes: 1, controlPlane: true })
  }

  dispose(): Promise<void> {
    return this.home.dispose()
  }
}

let world = new World()
beforeEach(() => {
  world = new World()
})
afterEach(() => world.dispose())

describe('given a lab without a control plane', () => {
  it('when simulated nodes are added, then it is said what they need, and nothing is changed', async () => {
    const manager = await world.home.manager()
    await manager.up('t', { nodes: 1 })
    const before = await world.endState()
    await expect(manager.addSimulatedNodes('t', 2)).rejects.toMatchObject({
      kind: 'Conflict',
      remedy: 'Add one with: node-lab up --control-plane --lab t',
    })
    expect(await world.endState()).toEqual(before)
  })
})

describe('given a lab with a control plane', () => {
  beforeEach(() => world.aLab())

  it('when simulated nodes are added, then each is told its way to the API server, and the authority’s key is not there', async () => {
    const status = await (await world.home.manager()).addSimulatedNodes('t', 3)
    expect(status.simulatedNodes).toEqual({
      count: 3,
      names: ['sim001-sim003'],
      container: 'running',
      manifestsPath: world.labFile('nodes', 'simulated', 'manifests'),
    })
    const spec = world.engine.containerNamed(CONTAINER)?.spec
    expect(spec?.labels).toMatchObject({ 'io.node-lab.lab': 't', 'io.node-lab.role': 'simulated' })
    expect(spec?.mounts.map((mount) => mount.target)).toEqual(['/etc/kubernetes/manifests'])
    const files = world.engine.filesOf(CONTAINER)
    const keys = [1, 2, 3].map((number) => {
      const file = files.get(`/etc/kubernetes/simulated/sim00${number}.conf`)
      expect(file?.mode).toBe(0o600)
      expect(file?.content).toContain(`system:node:sim00${number}`)
      return /client-key-data: (\S+)/.exec(file?.content ?? '')?.[1]
    })
    expect(new Set(keys).size).toBe(3)
    const secret = readFileSync(world.labFile('pki', 'ca.key'), 'utf8')
    for (const { content } of files.values()) {
      expect(content).not.toContain('PRIVATE KEY')
      expect(content).not.toContain(Buffer.from(secret).toString('base64'))
    }
  })

  it('when they are added, then they have their role, which a kubelet may not give itself', async () => {
    await (await world.home.manager()).addSimulatedNodes('t', 2)
    const { items } = await world.api.client().list<Node>(NODES)
    for (const { metadata } of items) expect(metadata.labels).toHaveProperty('node-role.kubernetes.io/simulated', '')
  })

  it('when more are wanted than a lab can have, then that is said', async () => {
    const manager = await world.home.manager()
    await expect(manager.addSimulatedNodes('t', 501)).rejects.toMatchObject({ kind: 'BadRequest' })
    await manager.addSimulatedNodes('t', 2)
    await expect(manager.addSimulatedNodes('t', 499)).rejects.toMatchObject({ message: /this one has 2 already/ })
  })

  it.each(['sim007', 'simulated'])('when a node is named %s, then the name is not to be had', async (name) => {
    await expect((await world.home.manager()).addNode('t', name)).rejects.toMatchObject({ kind: 'Conflict' })
  })

  it('when an addition ends at any of its steps, then the next `up` finishes it', async () => {
    await (await world.home.manager()).addSimulatedNodes('t', 2)
    const whole = await world.endState()
    await interruptEverywhere(
      () => world.aLab(),
      async () => (await world.home.manager()).addSimulatedNodes('t', 2),
      async (step) => {
        await (await world.home.manager()).up('t', {})
        const state = (await world.endState()) as { nodes: string[] }
        // Who was interrupted before it was written down has asked for nothing.
        if (state.nodes.length > 0) expect(state, step).toEqual(whole)
      },
    )
  })
})

describe('given simulated nodes', () => {
  let without: unknown
  beforeEach(async () => {
    await world.aLab()
    without = await world.endState()
    await (await world.home.manager()).addSimulatedNodes('t', 3)
  })

  it('when `up` is asked for again, then nothing is written to their container', async () => {
    const before = structuredClone(world.engine.filesOf(CONTAINER))
    await (await world.home.manager()).up('t', {})
    expect(world.engine.filesOf(CONTAINER)).toEqual(before)
  })

  it('when one is removed, then its files, its Node and its lease go, and the others stay; the next one takes its place', async () => {
    const manager = await world.home.manager()
    const { simulatedNodes } = await manager.removeNode({ lab: 't', node: 'sim002' })
    expect(simulatedNodes).toMatchObject({ count: 2, names: ['sim001', 'sim003'] })
    expect(await world.endState()).toMatchObject({
      nodes: ['sim001', 'sim003'],
      leases: ['sim001', 'sim003'],
      files: [
        '/etc/kubernetes/simulated/nodes.json',
        '/etc/kubernetes/simulated/sim001.conf',
        '/etc/kubernetes/simulated/sim003.conf',
      ],
    })
    expect((await manager.addSimulatedNodes('t', 1)).simulatedNodes?.names).toEqual(['sim001-sim003'])
    expect(world.file('/etc/kubernetes/simulated/sim002.conf')).toContain('system:node:sim002')
  })

  it('when another node has their label, then it stays though they are removed', async () => {
    const metadata = { name: 'node01', labels: { [SIMULATED_LABEL]: 'true' } }
    await world.api.client().create<Node>(NODES, { apiVersion: 'v1', kind: 'Node', metadata })
    await (await world.home.manager()).removeSimulatedNodes('t')
    expect(await world.nodes()).toEqual(['node01'])
  })

  it('when all are removed, then nothing of them is left anywhere', async () => {
    const status = await (await world.home.manager()).removeSimulatedNodes('t')
    expect(status.simulatedNodes).toBeUndefined()
    expect(await world.endState()).toEqual(without)
  })

  it('when the API server is away while they are removed, then the next `up` tells it', async () => {
    world.api.stop()
    const manager = await world.home.manager()
    await expect(manager.removeSimulatedNodes('t')).rejects.toMatchObject({ kind: 'Unavailable' })
    world.api.serve()
    expect(await world.nodes()).toEqual(['sim001', 'sim002', 'sim003'])
    await manager.up('t', {})
    expect(await world.endState()).toEqual(without)
  })

  it('when a removal ends at any of its steps, then the next `up` finishes it', async () => {
    await interruptEverywhere(
      async () => {
        await world.aLab()
        await (await world.home.manager()).addSimulatedNodes('t', 2)
      },
      async () => (await world.home.manager()).removeSimulatedNodes('t'),
      async (step) => {
        await (await world.home.manager()).up('t', {})
        const state = (await world.endState()) as { nodes: string[] }
        if (state.nodes.length === 0) expect(state, step).toEqual(without)
        else expect(state.nodes, step).toEqual(['sim001', 'sim002'])
      },
    )
  })

  it('when the lab goes down and up again, then their container does, too', async () => {
    const manager = await world.home.manager()
    expect((await manager.down('t')).simulatedNodes?.container).toBe('stopped')
    expect((await manager.up('t', {})).simulatedNodes?.container).toBe('running')
  })

  it('when the control plane is to be removed, then they have to go first', async () => {
    const manager = await world.home.manager()
    const target = { lab: 't', node: 'controlplane' }
    await expect(manager.removeNode(target)).rejects.toMatchObject({ remedy: /node remove --simulated/ })
    await manager.removeSimulatedNodes('t')
    await manager.removeNode(target)
  })

  it('when somebody wants a shell on one, then it is said that there is none', async () => {
    const target = { lab: 't', node: 'sim001' }
    await expect((await world.home.manager()).stopNode(target)).rejects.toMatchObject({
      message: /is a simulated node/,
    })
  })

  it('when the lab is deleted, then nothing is left in the engine', async () => {
    await (await world.home.manager()).delete('t')
    expect(world.engine.snapshot()).toEqual({ containers: [], networks: [], volumes: [] })
    expect(existsSync(world.labFile())).toBe(false)
  })
})

/** Does something in a new world again and again, and has it end at its first engine call, its second, and so on. */
async function interruptEverywhere(
  given: () => Promise<unknown>,
  when: () => Promise<unknown>,
  then: (step: string) => Promise<void>,
): Promise<void> {
  for (let call = 1; ; call++) {
    await world.dispose()
    world = new World()
    await given()
    world.engine.interrupt(call, 'after')
    const outcome = await when().then(
      () => 'done',
      () => 'killed',
    )
    world.engine.disarm()
    await then(`after call ${call}`)
    if (outcome === 'done') return
  }
}
