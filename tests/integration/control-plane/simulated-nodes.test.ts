/** Simulated nodes on the real engine: real kubelets of ours in one container, as kubectl sees them. */
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Node } from '../../../src-main/common/api/node.ts'
import type { Pod } from '../../../src-main/common/api/core.ts'
import { ControlPlaneLab } from '../../support/control-plane-lab.ts'
import { engineApi } from '../../support/engine-api.ts'
import { waitUntil } from '../../support/wait-until.ts'

const COUNT = 20
const lab = new ControlPlaneLab('simulated')

beforeAll(async () => {
  await lab.up('--nodes', '1')
  await lab.ok('node', 'add', '--simulated', String(COUNT))
})
afterAll(() => lab.dispose())

function simulatedNodes(): Promise<Node[]> {
  return lab
    .kubectlJson<{ items: Node[] }>('get', 'nodes', '-l', 'io.node-lab/simulated=true')
    .then(({ items }) => items)
}

async function podsNamed(prefix: string): Promise<Pod[]> {
  const { items } = await lab.kubectlJson<{ items: Pod[] }>('get', 'pods')
  return items.filter(({ metadata }) => metadata.name?.startsWith(prefix) === true)
}

function aPod(name: string, command: string, node: string): string {
  const spec = { nodeName: node, containers: [{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', command] }] }
  return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec })
}

describe('given a lab with simulated nodes', () => {
  it('when kubectl lists nodes, then each is ready and says in several places that it is simulated', async () => {
    const nodes = await simulatedNodes()
    expect(nodes.map(({ metadata }) => metadata.name).toSorted()).toEqual(
      Array.from({ length: COUNT }, (_, index) => `sim${String(index + 1).padStart(3, '0')}`),
    )
    const table = await lab.kubectlOk(['get', 'node', 'sim007', '-o', 'wide'])
    expect(table).toMatch(/sim007 +Ready +simulated .*Simulated by Node Lab .*simulated:\/\//)
    expect(await lab.ok('status')).toContain(`simulated ${COUNT} nodes (sim001-sim020)`)
    expect(await lab.containers('simulated')).toHaveLength(1)
  })

  it('when pods are made for them, then they run, or crash, as their commands would', async () => {
    await lab.kubectlOk(['apply', '-f', '-'], { input: aPod('steady', 'while true; do sleep 1; done', 'sim001') })
    await lab.kubectlOk(['apply', '-f', '-'], { input: aPod('crashing', 'sleep 1; exit 3', 'sim002') })
    const steady = await lab.waitForApiRunning('steady')
    expect(steady.status?.podIP).toMatch(/^198\.18\./)
    await lab.waitForApiPod('crashing', 'started again', ({ status }) => {
      const [container] = status?.containerStatuses ?? []
      return (container?.restartCount ?? 0) > 0 && container?.lastState?.terminated?.exitCode === 3
    })
  })

  it('when somebody looks into a container, then the log says what it is, and a command is refused in words', async () => {
    expect(await lab.kubectlOk(['logs', 'steady'])).toContain('simulated by Node Lab')
    const { exitCode, stderr } = await lab.kubectl(['exec', 'steady', '--', 'ls'])
    expect(exitCode).not.toBe(0)
    expect(stderr).toContain('sim001 is a simulated node')
  })

  it('when a manifest lies in their folder, then every one of them runs it as a static pod', async () => {
    const folder = (await lab.ok('manifests', 'simulated')).trim()
    const manifest = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'everywhere' } }
    const spec = { containers: [{ name: 'main', image: 'busybox:1.36' }] }
    writeFileSync(join(folder, 'everywhere.json'), JSON.stringify({ ...manifest, spec }))
    await waitUntil({ what: 'the static pod on every simulated node', timeoutSeconds: 60 }, async () => {
      const running = (await podsNamed('everywhere-')).filter(({ status }) => status?.phase === 'Running')
      return running.length === COUNT ? true : undefined
    })
  })

  it('when their container dies, then they are back, and know their pods', async () => {
    const startOf = ({ status }: Pod): string => status?.containerStatuses?.[0]?.state.running?.startedAt ?? ''
    const before = await lab.apiPod('steady')
    const [container = ''] = await lab.containers('simulated')
    await engineApi('POST', `/containers/${container}/restart?t=1`)
    const back = await lab.waitForApiPod('steady', 'running anew', (pod) => startOf(pod) > startOf(before))
    expect(back.metadata.uid).toBe(before.metadata.uid)
  })

  it('when one is removed, and then all, then nothing of them is left', async () => {
    await lab.ok('node', 'remove', 'sim007')
    expect((await simulatedNodes()).map(({ metadata }) => metadata.name)).not.toContain('sim007')
    expect(await simulatedNodes()).toHaveLength(COUNT - 1)
    await lab.ok('node', 'remove', '--simulated')
    expect(await simulatedNodes()).toEqual([])
    expect(await lab.containers('simulated')).toEqual([])
    expect(existsSync(join(lab.home, 'labs', lab.name, 'nodes', 'simulated'))).toBe(false)
    expect(await lab.ok('status')).not.toContain('simulated')
  })
})
