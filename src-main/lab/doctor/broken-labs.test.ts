import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LabManager } from '../lab-manager.ts'
import { HomeLayout } from '../store/home.ts'
import { LabStore } from '../store/lab-store.ts'
import { TestHome } from '../testing/test-home.ts'
import { findBrokenLabs, type BrokenLab } from './broken-labs.ts'

let home: TestHome
let manager: LabManager

beforeEach(async () => {
  home = new TestHome()
  manager = await home.manager()
  await manager.up('exam', { nodes: 2 })
})
afterEach(() => home.dispose())

async function look(): Promise<BrokenLab[]> {
  const store = new LabStore(new HomeLayout(home.folder))
  const specs = await Promise.all((await store.list()).map((name) => store.read(name)))
  return findBrokenLabs(
    home.engine,
    store,
    specs.filter((spec) => spec !== undefined),
  )
}

describe('given a lab that ran', () => {
  it('when a disk and the network are removed behind its back, then both are lost', async () => {
    await manager.down('exam')
    home.engine.volumes.delete('node-lab.exam.node02')
    home.engine.networks.clear()
    expect(await look()).toEqual([{ lab: 'exam', lost: ['network', 'disk of node02'] }])
  })

  it('when it has its disks only, as a renamed one before its next start, then nothing is lost', async () => {
    await manager.down('exam')
    for (const { id } of await home.engine.listContainers({})) await home.engine.removeContainer(id)
    home.engine.networks.clear()
    expect(await look()).toEqual([])
  })
})

describe('given a lab whose first start was cut short', () => {
  it('when the disk of its second node was never made, then nothing is lost', async () => {
    const refused = new Error('cut short')
    const { engine } = home
    const createVolume = engine.createVolume.bind(engine)
    engine.createVolume = (name, labels) =>
      name === 'node-lab.new.node02' ? Promise.reject(refused) : createVolume(name, labels)
    await expect(manager.up('new', { nodes: 2 })).rejects.toThrow()
    expect(engine.volumes.has('node-lab.new.node01')).toBe(true)
    expect(await look()).toEqual([])
  })
})
