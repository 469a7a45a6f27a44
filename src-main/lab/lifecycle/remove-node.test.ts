import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { TestHome } from '../testing/test-home.ts'

let home: TestHome
beforeEach(() => {
  home = new TestHome()
})
afterEach(() => home.dispose())

describe('given a node with manifests', () => {
  it('when its removal is cut short and a node of that name is added, then the old manifests do not run on it', async () => {
    const manager = await home.manager()
    await manager.up('t', { nodes: 1 })
    await manager.addNode('t', 'extra')
    const folder = path.join(home.folder, 'labs/t/nodes/extra/manifests')
    writeFileSync(path.join(folder, 'web.yaml'), 'kind: Pod')
    mkdirSync(path.join(folder, 'folder'))
    home.engine.interrupt(3, 'before')
    await expect(manager.removeNode({ lab: 't', node: 'extra' })).rejects.toMatchObject({ kind: 'NoEngine' })
    home.engine.disarm()
    await (await home.manager()).addNode('t', 'extra')
    expect(readdirSync(folder)).toEqual([])
  })

  it('when it is removed, then the versions of its manifests can still be read; of a node that never was, that is told', async () => {
    const manager = await home.manager()
    await manager.up('t', { nodes: 1 })
    await manager.addNode('t', 'extra')
    const extra = { lab: 't', node: 'extra' }
    await manager.applyManifest(extra, 'web.yaml', 'kind: Pod')
    await manager.removeNode(extra)
    const [version] = (await manager.manifestHistory(extra, 'web.yaml')).filter(({ removed }) => removed !== true)
    expect(await manager.manifestVersion(extra, 'web.yaml', version?.version ?? '')).toBe('kind: Pod')
    await expect(manager.manifestHistory({ lab: 't', node: 'never' })).rejects.toMatchObject({ kind: 'NotFound' })
    await expect(manager.manifestHistory({ lab: 't', node: '../up' })).rejects.toMatchObject({ kind: 'BadRequest' })
  })
})

describe('given two nodes whose control plane was removed while one was stopped', () => {
  it('when the other starts, then the stopped one will still be told to leave; when all are up, nothing of the cluster is left', async () => {
    const manager = await home.manager()
    await manager.up('t', { nodes: 2 })
    const authorities = path.join(home.folder, 'labs/t/pki')
    mkdirSync(authorities)
    home.engine.execOutput = 'kind: KubeletConfiguration\n'
    await manager.startNode({ lab: 't', node: 'node01' })
    expect(existsSync(authorities)).toBe(true)
    await manager.up('t', {})
    expect(existsSync(authorities)).toBe(false)
  })
})
