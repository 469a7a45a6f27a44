import { existsSync, readdirSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineImage } from '../engine/engine.ts'
import type { LabManager } from '../lab-manager.ts'
import { FakeEngine } from '../testing/fake-engine.ts'
import { TestHome } from '../testing/test-home.ts'

const MANIFEST = 'kind: Pod'
const TOOL: EngineImage = {
  id: 'sha256:1',
  tags: ['node-lab.invalid/node:1'],
  labels: {},
  sizeBytes: 1,
  createdAt: '2026-01-01T00:00:00Z',
}

class EngineWithTool extends FakeEngine {
  override listImages(): Promise<EngineImage[]> {
    return Promise.resolve([TOOL])
  }
}

let home: TestHome
let manager: LabManager

beforeEach(async () => {
  home = new TestHome(new EngineWithTool())
  manager = await home.manager()
  await manager.up('old', { nodes: 2 })
  await manager.applyManifest({ lab: 'old', node: 'node01' }, 'web.yaml', MANIFEST)
  await manager.down('old')
})
afterEach(() => home.dispose())

function labsOnDisk(): string[] {
  return readdirSync(path.join(home.folder, 'labs')).toSorted()
}

describe('given a stopped lab', () => {
  it('when it is renamed, then its folder and disks have the new name and nothing has the old one', async () => {
    await expect(manager.renameLab('old', 'new')).resolves.toMatchObject({ name: 'new', state: 'stopped' })
    expect(labsOnDisk()).toEqual(['new'])
    expect([...home.engine.volumes.keys()].toSorted()).toEqual(['node-lab.new.node01', 'node-lab.new.node02'])
    expect(home.engine.containers.size + home.engine.networks.size).toBe(0)
    expect(await manager.readManifest({ lab: 'new', node: 'node01' }, 'web.yaml')).toBe(MANIFEST)
    // What is missing by intent is no loss.
    expect((await manager.up('new', {})).repairs).toBeUndefined()
  })

  it.each(['before', 'after'] as const)(
    'when a rename ends %s any of its engine calls, then the next start has one lab, whole, and nothing of the other name is left',
    async (when) => {
      for (let call = 1; call < 200; call++) {
        await home.dispose()
        home = new TestHome(new EngineWithTool())
        manager = await home.manager()
        await manager.up('old', { nodes: 1 })
        await manager.applyManifest({ lab: 'old', node: 'node01' }, 'web.yaml', MANIFEST)
        await manager.down('old')
        home.engine.interrupt(call, when)
        const isCut = await manager.renameLab('old', 'new').then(
          () => false,
          () => true,
        )
        home.engine.disarm()
        const next = await home.manager()
        const [lab = ''] = labsOnDisk()
        await next.up(lab, {})
        expect(labsOnDisk()).toEqual([lab])
        expect(existsSync(path.join(home.folder, 'labs', lab, 'rename.json'))).toBe(false)
        expect([...home.engine.volumes.keys()]).toEqual([`node-lab.${lab}.node01`])
        expect([...home.engine.networks.values()].map(({ name }) => name)).toEqual([`node-lab.${lab}`])
        expect(await next.readManifest({ lab, node: 'node01' }, 'web.yaml')).toBe(MANIFEST)
        if (!isCut) return
      }
      throw new Error('it never came to its end')
    },
  )

  it('when the new name is taken, or the lab runs, then it is refused and nothing has changed', async () => {
    await manager.up('other', { nodes: 1 })
    const before = home.engine.snapshot()
    await expect(manager.renameLab('old', 'other')).rejects.toMatchObject({ kind: 'AlreadyExists' })
    await expect(manager.renameLab('other', 'new')).rejects.toMatchObject({ kind: 'Conflict' })
    await expect(manager.renameLab('none', 'new')).rejects.toMatchObject({ kind: 'NotFound' })
    await expect(manager.renameLab('old', '../new')).rejects.toMatchObject({ kind: 'BadRequest' })
    expect(home.engine.snapshot()).toEqual(before)
    expect(labsOnDisk()).toEqual(['old', 'other'])
  })

  it('when a power cut brings the old folder back after the old disks went, then the copies are kept, and told how to go on', async () => {
    await manager.renameLab('old', 'new')
    const folder = (name: string): string => path.join(home.folder, 'labs', name)
    renameSync(folder('new'), folder('old'))
    writeFileSync(path.join(folder('old'), 'rename.json'), JSON.stringify({ from: 'old', to: 'new' }))
    await expect(manager.up('old', {})).rejects.toMatchObject({
      kind: 'Conflict',
      remedy: expect.stringContaining(`mv '${folder('old')}' '${folder('new')}'`) as string,
    })
    expect([...home.engine.volumes.keys()].toSorted()).toEqual(['node-lab.new.node01', 'node-lab.new.node02'])
    // As it was told.
    renameSync(folder('old'), folder('new'))
    expect((await manager.up('new', {})).state).toBe('running')
    expect(labsOnDisk()).toEqual(['new'])
  })

  it('when a container of a pod has come to life behind its back, then it is refused', async () => {
    const spec = home.engine.containerNamed('node-lab.old.node01')?.spec
    if (spec === undefined) throw new Error('the lab has no containers')
    const labels = { ...spec.labels, 'io.node-lab.role': 'container' }
    await home.engine.startContainer(
      await home.engine.createContainer({ ...spec, name: 'k8s_web', labels, publish: {} }),
    )
    await expect(manager.renameLab('old', 'new')).rejects.toMatchObject({
      kind: 'Conflict',
      message: expect.stringContaining('k8s_web') as string,
    })
    expect(labsOnDisk()).toEqual(['old'])
  })

  it('when a disk of the renamed lab is removed, then the next start tells of that loss, and of nothing that was meant', async () => {
    await manager.renameLab('old', 'new')
    await home.engine.removeVolume('node-lab.new.node01')
    expect((await manager.up('new', {})).repairs).toEqual([{ kind: 'volume', node: 'node01' }])
    await manager.down('new')
    await home.engine.removeContainer('node-lab.new.node02')
    expect((await manager.up('new', {})).repairs).toEqual([{ kind: 'containers', node: 'node02' }])
  })
})
