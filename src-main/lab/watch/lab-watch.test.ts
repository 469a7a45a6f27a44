import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LabStatus, NodeView } from '../../common/lab/lab-status.ts'
import type { LabManager } from '../lab-manager.ts'
import { TestHome } from '../testing/test-home.ts'

let home = new TestHome()
let manager: LabManager
beforeEach(async () => {
  home = new TestHome()
  manager = await home.manager()
})
afterEach(() => home.dispose())

/** Remembers what was told, and resolves when something told satisfies the test. */
function listen() {
  const labs: LabStatus[] = []
  const views: NodeView[] = []
  const gone: string[] = []
  const checks = new Set<() => void>()
  const heard = (): void => checks.forEach((check) => check())
  const subscription = manager.subscribe({
    onLabChanged: (lab) => (labs.push(lab), heard()),
    onNodeChanged: (view) => (views.push(view), heard()),
    onLabGone: (lab) => (gone.push(lab), heard()),
  })
  const until = (test: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!test()) return
        checks.delete(check)
        resolve()
      }
      checks.add(check)
      check()
    })
  return { labs, views, gone, until, subscription }
}

describe('given a subscriber', () => {
  it('when another process makes, stops and deletes a lab, then it is told of each', async () => {
    const told = listen()
    const other = await home.manager()
    await other.up('t', { nodes: 1 })
    await told.until(() => told.labs.at(-1)?.state === 'running')
    await told.until(() => told.views.some(({ lab, node }) => lab === 't' && node === 'node01'))
    const viewsBefore = told.views.length
    await other.down('t')
    await told.until(() => told.labs.at(-1)?.state === 'stopped')
    await told.until(() => told.views.length > viewsBefore)
    expect(told.views.at(-1)).toMatchObject({ node: 'node01', pods: [] })
    await other.delete('t')
    await told.until(() => told.gone.includes('t'))
    await told.subscription.dispose()
  })

  it('when a node dies, then the lab is told as degraded', async () => {
    await manager.up('t', { nodes: 2 })
    const told = listen()
    await told.until(() => told.labs.at(-1)?.state === 'running')
    await home.engine.stopContainer('node-lab.t.node02')
    await told.until(() => told.labs.at(-1)?.state === 'degraded')
    expect(told.labs.at(-1)?.nodes.map(({ state }) => state)).toEqual(['running', 'stopped'])
    await told.subscription.dispose()
  })

  it('when all subscribers have gone, then nothing watches the engine any more', async () => {
    await manager.up('t', { nodes: 1 })
    const [first, second] = [listen(), listen()]
    await first.until(() => first.labs.length > 0)
    expect(home.engine.watcherCount).toBe(1)
    await first.subscription.dispose()
    expect(home.engine.watcherCount).toBe(1)
    await second.subscription.dispose()
    expect(home.engine.watcherCount).toBe(0)
    await manager.dispose()
    expect([...home.channels.open.values()]).toEqual([0])
  })
})

describe('given a kubelet', () => {
  const target = { lab: 't', node: 'node01' }
  const container = 'node-lab.t.node01'
  beforeEach(() => manager.up('t', { nodes: 1 }))

  it('when it reads the mounted folder, then manifests go there', async () => {
    await manager.applyManifest(target, 'web.yaml', 'a: 1')
    expect(await manager.readManifest(target, 'web.yaml')).toBe('a: 1')
    expect(home.channels.remoteManifests.size).toBe(0)
  })

  it('when it was pointed at another folder, then manifests go through its channel', async () => {
    home.channels.info.set(container, { staticPodPath: '/opt/pods' })
    await manager.applyManifest(target, 'web.yaml', 'a: 1')
    expect(home.channels.remoteManifests.get(container)?.get('web.yaml')).toBe('a: 1')
    await expect(manager.applyManifest(target, 'web.yaml', 'b')).rejects.toMatchObject({ kind: 'AlreadyExists' })
    expect((await manager.labStatus('t')).nodes[0]?.watchesMountedFolder).toBe(false)
  })

  it('when it is stopped, then files and pods cannot be asked for, with a remedy, and manifests can still be placed', async () => {
    home.channels.stoppedKubelets.add(container)
    await expect(manager.files(target)).rejects.toMatchObject({ kind: 'Conflict', remedy: /restart-kubelet node01/ })
    await expect(manager.pods('t', 'node01')).rejects.toMatchObject({ kind: 'Conflict' })
    expect((await manager.labStatus('t')).nodes[0]?.kubelet).toBe('stopped')
    await manager.applyManifest(target, 'web.yaml', 'a: 1')
    expect(await manager.readManifest(target, 'web.yaml')).toBe('a: 1')
  })
})
