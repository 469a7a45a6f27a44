import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../base/clock.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'
import { FakeNodeEngine } from '../testing/fake-node-files.ts'
import { TestHome } from '../testing/test-home.ts'
import { syncCluster } from './sync-cluster.ts'

const MEMBERSHIP = '/var/lib/node-lab/cluster.json'
const MANIFESTS = ['etcd.yaml', 'kube-apiserver.yaml', 'kube-controller-manager.yaml', 'kube-scheduler.yaml']

let engine = new FakeNodeEngine()
let home = new TestHome(engine)
beforeEach(() => {
  engine = new FakeNodeEngine()
  home = new TestHome(engine)
})
afterEach(() => home.dispose())

const lab = (...names: string[]): string => path.join(home.folder, 'labs', 't', ...names)
const manifest = (name: string): string => lab('nodes', 'controlplane', 'manifests', name)
const containerOf = (node: string): string => `node-lab.t.${node}`

async function up(options: { nodes?: number; controlPlane?: boolean } = {}): Promise<void> {
  await (await home.manager()).up('t', options)
}

/** Paths and modes on all nodes, names in the lab's folder, and who is a member of what. */
function endState(): unknown {
  const nodes = [...engine.files]
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([container, files]) => ({
      container,
      files: [...files].map(([name, { mode }]) => `${name} ${mode.toString(8)}`).toSorted(),
      address: (JSON.parse(files.get(MEMBERSHIP)?.content ?? '{}') as { address?: string }).address,
    }))
  return {
    nodes,
    folder: readdirSync(lab()).toSorted(),
    manifests: readdirSync(lab('nodes', 'controlplane', 'manifests')).toSorted(),
  }
}

describe('given a lab with a control plane', () => {
  beforeEach(() => up({ nodes: 2, controlPlane: true }))

  it('when it is up, then every node is a member, and keys are on the control plane and for their owner only', () => {
    expect(readdirSync(lab('nodes', 'controlplane', 'manifests')).toSorted()).toEqual(MANIFESTS)
    for (const node of ['controlplane', 'node01', 'node02'])
      expect(engine.filesOf(containerOf(node)).has(MEMBERSHIP)).toBe(true)
    const worker = [...engine.filesOf(containerOf('node01'))]
    const withKeys = worker.filter(([, { content }]) => content.includes('PRIVATE KEY'))
    expect(withKeys.map(([name, { mode }]) => [name, mode])).toEqual([
      ['/var/lib/kubelet/pki/kubelet-client-current.pem', 0o600],
    ])
    for (const [, { content, mode }] of engine.filesOf(containerOf('controlplane')))
      if (content.includes('PRIVATE KEY') || content.includes('client-key-data')) expect(mode).toBe(0o600)
    for (const name of ['kubeconfig', 'pki/ca.key', 'pki/etcd/ca.key', 'pki/sa.key'])
      expect(statSync(lab(name)).mode & 0o777, name).toBe(0o600)
    expect(statSync(lab('pki')).mode & 0o777).toBe(0o700)
  })

  it('when this machine reaches its node, then the kubeconfig names the node itself, and stays so while no API server is there', async () => {
    const server = (): string | undefined => /server: (\S+)/.exec(readFileSync(lab('kubeconfig'), 'utf8'))?.[1]
    expect(server()).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/)
    const { address } = JSON.parse(engine.filesOf(containerOf('controlplane')).get(MEMBERSHIP)?.content ?? '') as {
      address: string
    }
    home.reachable.add(address)
    await up()
    expect(server()).toBe(`https://${address}:6443`)
    home.reachable.clear()
    const away = readFileSync(manifest('kube-apiserver.yaml'))
    rmSync(manifest('kube-apiserver.yaml'))
    await up()
    expect(server()).toBe(`https://${address}:6443`)
    writeFileSync(manifest('kube-apiserver.yaml'), away)
    await up()
    expect(server()).toMatch(/127/)
  })

  it('when it is brought up again, then no kubelet is restarted and nothing is written', async () => {
    const before = endState()
    engine.restarts.length = 0
    await up()
    expect(engine.restarts).toEqual([])
    expect(endState()).toEqual(before)
  })

  it('when the learner reverted the kubelet’s unit on a node, then `up` puts the drop-in with its API server back', async () => {
    const node = engine.filesOf(containerOf('node01'))
    const dropIn = [...node.keys()].find((path) => path.endsWith('/20-api-server.conf')) ?? ''
    node.delete(dropIn)
    engine.restarts.length = 0
    await up()
    expect(node.get(dropIn)?.content).toContain('--kubeconfig=/etc/kubernetes/kubelet.conf')
    expect(engine.restarts).toEqual([containerOf('node01')])
  })

  it('when the learner moved a manifest away and changed another, then `up` leaves both so', async () => {
    rmSync(manifest('kube-apiserver.yaml'))
    writeFileSync(manifest('kube-scheduler.yaml'), '# mine\n')
    await up()
    expect(existsSync(manifest('kube-apiserver.yaml'))).toBe(false)
    expect(readFileSync(manifest('kube-scheduler.yaml'), 'utf8')).toBe('# mine\n')
  })

  it.each(['kube-apiserver.yaml', 'etcd.yaml'])(
    'when %s is not there, then `up` does not wait for an API server',
    async (name) => {
      engine.waits.length = 0
      await up()
      expect(engine.waits).toEqual([containerOf('controlplane')])
      rmSync(manifest(name))
      await up()
      expect(engine.waits).toHaveLength(1)
    },
  )

  it('when the control plane is stopped and a worker started, then no API server is waited for', async () => {
    const manager = await home.manager()
    await manager.stopNode({ lab: 't', node: 'controlplane' })
    await manager.stopNode({ lab: 't', node: 'node01' })
    engine.waits.length = 0
    await manager.startNode({ lab: 't', node: 'node01' })
    expect(engine.waits).toEqual([])
  })

  it('when the volume of its node is lost, then the node is told again and the manifests that the learner changed stay', async () => {
    const own = readFileSync(manifest('kube-scheduler.yaml'), 'utf8').replace(
      '--leader-elect=true',
      '--leader-elect=false',
    )
    writeFileSync(manifest('kube-scheduler.yaml'), own)
    rmSync(manifest('etcd.yaml'))
    engine.files.delete(containerOf('controlplane'))
    await up()
    expect(engine.filesOf(containerOf('controlplane')).has('/etc/kubernetes/pki/etcd/ca.key')).toBe(true)
    expect(readFileSync(manifest('kube-scheduler.yaml'), 'utf8')).toBe(own)
    expect(existsSync(manifest('etcd.yaml'))).toBe(true)
  })

  it('when its addresses change, then certificates, kubeconfigs and manifests say the new ones, and other words stay', async () => {
    const apiServer = readFileSync(manifest('kube-apiserver.yaml'), 'utf8')
    writeFileSync(manifest('kube-apiserver.yaml'), `${apiServer}# not 172.30.0.110, nor 1172.30.0.11\n`)
    const authority = readFileSync(lab('pki/ca.crt'), 'utf8')
    const { address: before = '' } = JSON.parse(
      engine.filesOf(containerOf('controlplane')).get(MEMBERSHIP)?.content ?? '{}',
    ) as {
      address?: string
    }
    const kubeconfig = readFileSync(lab('kubeconfig'), 'utf8')
    await (await home.manager()).down('t')
    engine.containers.clear()
    engine.networks.clear()
    home.usedSubnets.push('172.30.0.0/24')
    await up()
    const files = engine.filesOf(containerOf('controlplane'))
    const { address: after = '' } = JSON.parse(files.get(MEMBERSHIP)?.content ?? '{}') as { address?: string }
    expect(after).not.toBe(before)
    const text = readFileSync(manifest('kube-apiserver.yaml'), 'utf8')
    expect(text).toContain(`--advertise-address=${after}\n`)
    expect(text).not.toContain(`${before}\n`)
    expect(readFileSync(manifest('etcd.yaml'), 'utf8')).toContain(
      `--initial-cluster=controlplane=https://${after}:2380`,
    )
    for (const node of ['node01', 'node02'])
      expect(engine.filesOf(containerOf(node)).get('/etc/kubernetes/kubelet.conf')?.content).toContain(
        `https://${after}:6443`,
      )
    expect(readFileSync(lab('pki/ca.crt'), 'utf8')).toBe(authority)
    expect(readFileSync(lab('kubeconfig'), 'utf8')).toBe(kubeconfig)
  })

  it('when the control plane is removed, then nodes stand alone after the next `up`, and its keys are gone', async () => {
    const told: string[] = []
    engine.onScript = async (container, script) => {
      if (script === 'left') told.push(`${container} ${engine.filesOf(container).has(MEMBERSHIP)}`)
      await Promise.resolve()
    }
    await (await home.manager()).removeNode({ lab: 't', node: 'controlplane' })
    await up()
    // Before the record goes, so that one that was interrupted is told again.
    expect(told.toSorted()).toEqual(['node01', 'node02'].map((node) => `${containerOf(node)} true`))
    expect(existsSync(lab('pki'))).toBe(false)
    expect(existsSync(lab('kubeconfig'))).toBe(false)
    for (const node of ['node01', 'node02']) {
      const files = engine.filesOf(containerOf(node))
      expect([...files.keys()]).toEqual(['/var/lib/kubelet/config.yaml'])
      expect(files.get('/var/lib/kubelet/config.yaml')?.content).toContain('# A word of the learner')
    }
  })

  it('when the control plane is removed and only one node is started, then the others stand alone when they start', async () => {
    const manager = await home.manager()
    await manager.removeNode({ lab: 't', node: 'controlplane' })
    await manager.down('t')
    await manager.startNode({ lab: 't', node: 'node01' })
    expect(engine.filesOf(containerOf('node01')).has(MEMBERSHIP)).toBe(false)
    await up()
    expect(engine.filesOf(containerOf('node02')).has(MEMBERSHIP)).toBe(false)
    expect(existsSync(lab('pki'))).toBe(false)
  })

  it('when it is deleted, then nothing is left', async () => {
    await (await home.manager()).delete('t')
    expect(existsSync(lab())).toBe(false)
  })
})

describe('given `up --control-plane`', () => {
  it('when any one of its commands on nodes fails, then the next `up` ends in the same lab', async () => {
    await up({ nodes: 1, controlPlane: true })
    const whole = endState()
    const commands = engine.countCommands()
    expect(commands).toBeGreaterThan(8)
    for (let failing = 1; failing <= commands; failing++) {
      await home.dispose()
      engine = new FakeNodeEngine()
      home = new TestHome(engine)
      engine.failingCommand = failing
      await up({ nodes: 1, controlPlane: true }).catch(() => undefined)
      engine.failingCommand = 0
      await up({ nodes: 1, controlPlane: true })
      expect(endState(), `command ${failing}`).toEqual(whole)
    }
  })

  it('when the lab is deleted while its nodes come up, then that is said and nothing of it is made again', async () => {
    await up({ nodes: 1, controlPlane: true })
    await (await home.manager()).delete('t')
    const context = { store: new LabStore(new HomeLayout(home.folder)), clock: systemClock() }
    const late = syncCluster(context, { engine, lab: 't', isWanted: () => true, onProgress: () => undefined })
    await expect(late).rejects.toMatchObject({ kind: 'NotFound' })
    expect(existsSync(lab())).toBe(false)
  })

  it('when one was killed while it made the authorities, then what it left does not stay', async () => {
    await up({ nodes: 1 })
    mkdirSync(lab('pki.draft', 'etcd'), { recursive: true })
    writeFileSync(lab('pki.draft', 'ca.key'), 'half a key')
    await up({ controlPlane: true })
    expect(readdirSync(lab()).toSorted()).toEqual(['journal', 'kubeconfig', 'lab.yaml', 'nodes', 'pki', 'ssh'])
  })

  it('when the folder of the authorities lacks a file, then that is said and none is made anew', async () => {
    await up({ nodes: 1, controlPlane: true })
    rmSync(lab('pki/sa.key'))
    await expect(up()).rejects.toMatchObject({ kind: 'Conflict' })
    expect(existsSync(lab('pki/sa.key'))).toBe(false)
  })
})
