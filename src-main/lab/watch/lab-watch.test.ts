import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FakeClock } from '../../base/testing/fake-clock.ts'
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
    expect(told.labs.at(-1)?.message).toContain('node-lab up --lab t starts it')
    await told.subscription.dispose()
  })

  it('when a node is stopped on purpose, then the lab still runs, and its files are told unread, also those that come later', async () => {
    const target = { lab: 't', node: 'node02' }
    await manager.up('t', { nodes: 2 })
    await manager.applyManifest(target, 'web.yaml', 'a: 1')
    const told = listen()
    const ofNode = (): NodeView | undefined => told.views.findLast(({ node }) => node === 'node02')
    const states = (): string[] => ofNode()?.files.map(({ name, state }) => `${name} ${state}`) ?? []
    await manager.stopNode(target)
    await told.until(() => states().join() === 'web.yaml unread')
    expect(ofNode()).toMatchObject({ pods: [], files: [{ reason: 'KubeletNotRunning' }] })
    await manager.applyManifest(target, 'api.yaml', 'a: 1')
    await told.until(() => states().join() === 'api.yaml unread,web.yaml unread')
    await told.until(() => told.labs.at(-1)?.state === 'running')
    expect(told.labs.at(-1)?.nodes.map(({ state }) => state)).toEqual(['running', 'stopped'])
    const before = told.views.length
    await manager.startNode(target)
    await told.until(() => told.views.length > before && ofNode()?.files.length === 0)
    await told.subscription.dispose()
  })

  it('when a kubelet stops, then its word stays a moment, gives way to the unread folder, and returns with it', async () => {
    await manager.up('t', { nodes: 1 })
    await manager.applyManifest({ lab: 't', node: 'node01' }, 'web.yaml', 'a: 1')
    const clock = new FakeClock()
    manager = await home.manager(clock)
    const told = listen()
    const seen = (): string[] => told.views.map(({ files }) => files.map(({ state }) => state).join())
    const passUntil = async (test: () => boolean): Promise<void> => {
      await vi.waitFor(
        async () => {
          await clock.advance(100)
          expect(test()).toBe(true)
        },
        { interval: 5, timeout: 30_000 },
      )
    }
    await passUntil(() => seen().length === 1)
    const stoppedMs = clock.now()
    home.channels.stoppedKubelets.add('node-lab.t.node01')
    home.channels.announce('node-lab.t.node01')
    await passUntil(() => seen().length > 1)
    expect(seen()).toEqual(['', 'unread'])
    expect(clock.now() - stoppedMs).toBeGreaterThanOrEqual(3000)
    home.channels.stoppedKubelets.clear()
    home.channels.announce('node-lab.t.node01')
    await passUntil(() => seen().length > 2)
    expect(seen()).toEqual(['', 'unread', ''])
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

  it('when it was pointed at another folder, then versions are of there, and what lies in the mounted one is named as unwatched', async () => {
    await manager.applyManifest(target, 'web.yaml', 'mounted')
    home.channels.info.set(container, { staticPodPath: '/opt/pods/' })
    await manager.applyManifest(target, 'web.yaml', 'moved')
    await manager.removeManifest(target, 'web.yaml')
    const versions = await manager.manifestHistory(target)
    expect(versions.map(({ removed }) => removed ?? false)).toEqual([true, false])
    expect(await manager.manifestVersion(target, 'web.yaml', versions[1]?.version ?? '')).toBe('moved')
    const status = async (): Promise<unknown> => (await manager.labStatus('t')).nodes[0]?.unwatchedFiles
    expect(await status()).toEqual(['web.yaml'])
    home.channels.info.delete(container)
    expect(await manager.readManifest(target, 'web.yaml')).toBe('mounted')
    expect(await manager.manifestHistory(target)).toHaveLength(1)
    expect(await status()).toBeUndefined()
  })

  it('when it is stopped, then its files are unread, pods cannot be asked for, and manifests can still be placed', async () => {
    home.channels.stoppedKubelets.add(container)
    await expect(manager.pods('t', 'node01')).rejects.toMatchObject({
      kind: 'Conflict',
      remedy: expect.stringMatching(/restart-kubelet node01/) as string,
    })
    expect((await manager.labStatus('t')).nodes[0]?.kubelet).toBe('stopped')
    await manager.applyManifest(target, 'web.yaml', 'a: 1')
    expect(await manager.readManifest(target, 'web.yaml')).toBe('a: 1')
    const unread = { name: 'web.yaml', path: '/etc/kubernetes/manifests/web.yaml', state: 'unread', sizeBytes: 4 }
    expect(await manager.files(target)).toMatchObject([{ ...unread, reason: 'KubeletNotRunning' }])
    expect(await manager.views('t')).toMatchObject([{ node: 'node01', files: [unread], pods: [] }])
    await manager.removeManifest(target, 'web.yaml')
    expect(await manager.files(target)).toEqual([])
  })

  it('when its node is stopped, then its files are unread, and what no kubelet reads is said to be so', async () => {
    await manager.stopNode(target)
    const folder = await manager.manifestsPath(target)
    mkdirSync(path.join(folder, 'old'))
    writeFileSync(path.join(folder, '.web.yaml.swp'), '')
    symlinkSync('/etc/passwd', path.join(folder, 'link.yaml'))
    await manager.applyManifest(target, 'web.yaml', 'a: 1')
    const told = (await manager.files(target)).map(({ name, state, reason }) => [name, state, reason])
    expect(told).toEqual([
      ['.web.yaml.swp', 'ignored', 'DotFile'],
      ['link.yaml', 'unread', 'KubeletNotRunning'],
      ['old', 'ignored', 'Directory'],
      ['web.yaml', 'unread', 'KubeletNotRunning'],
    ])
  })

  it('when it does not answer, then it is not said that its files were not read', async () => {
    home.channels.silentKubelets.add(container)
    await manager.applyManifest(target, 'web.yaml', 'a: 1')
    expect(await manager.files(target)).toMatchObject([{ state: 'unread', reason: 'KubeletUnreachable' }])
    expect((await manager.labStatus('t')).state).toBe('degraded')
  })
})
