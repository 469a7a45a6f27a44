import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineImage } from '../engine/engine.ts'
import type { LabManager } from '../lab-manager.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'
import { FakeEngine } from '../testing/fake-engine.ts'
import { TestHome } from '../testing/test-home.ts'
import { findBrokenLabs, type BrokenLab } from './broken-labs.ts'

class EngineWithTool extends FakeEngine {
  override listImages(): Promise<EngineImage[]> {
    const tags = ['node-lab.invalid/node:1']
    return Promise.resolve([{ id: 'sha256:1', tags, labels: {}, sizeBytes: 1, createdAt: '2026-01-01T00:00:00Z' }])
  }
}

let home: TestHome
let manager: LabManager

beforeEach(async () => {
  home = new TestHome(new EngineWithTool())
  manager = await home.manager()
})
afterEach(() => home.dispose())

async function broken(lab: string): Promise<BrokenLab[]> {
  const spec = await new LabStore(new HomeLayout(home.folder)).read(lab)
  return findBrokenLabs(home.engine, home.folder, spec === undefined ? [] : [spec])
}

describe('given a stopped lab of two nodes', () => {
  beforeEach(async () => {
    await manager.up('t', { nodes: 2 })
    await manager.down('t')
  })

  it('when its network and a disk are removed, then both are told', async () => {
    for (const id of home.engine.containers.keys()) await home.engine.removeContainer(id)
    await home.engine.removeVolume('node-lab.t.node01')
    await home.engine.removeNetwork('node-lab.t')
    expect(await broken('t')).toEqual([{ lab: 't', lost: ['network', 'disk of node01'] }])
  })

  it('when it is renamed, then it has lost nothing', async () => {
    await manager.renameLab('t', 'other')
    expect(await broken('other')).toEqual([])
  })
})

describe('given a lab whose first start was cut short', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'when that was after call %i to the engine, then it has lost nothing',
    async (call) => {
      home.engine.interrupt(call, 'after')
      await expect(manager.up('t', { nodes: 1 })).rejects.toMatchObject({ kind: 'NoEngine' })
      home.engine.disarm()
      expect(await broken('t')).toEqual([])
    },
  )
})
