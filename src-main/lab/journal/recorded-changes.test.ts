import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LabError } from '../../common/lab-error.ts'
import type { Node } from '../../common/api/node.ts'
import type { UserAction } from '../../common/lab/user-action.ts'
import { ConnectionError } from '../../kube/api-client.ts'
import { NODES } from '../../kube/resources.ts'
import { MemoryApi } from '../../kube/testing/memory-api.ts'
import type { LabManager } from '../lab-manager.ts'
import { TestHome } from '../testing/test-home.ts'

let home: TestHome
let manager: LabManager
beforeEach(async () => {
  home = new TestHome()
  manager = await home.manager()
})
afterEach(() => home.dispose())

/** Kind, node and file of each, as a sentence. */
async function journal(): Promise<string[]> {
  return (await manager.actions('default')).map(({ kind, node = '', file = '', failed }) =>
    [kind, node, file, failed === true ? 'refused' : ''].filter((word) => word !== '').join(' '),
  )
}

const POD = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: nginx, image: nginx}]}\n'

describe('given a lab manager', () => {
  it('when a person works with a lab, then all that was asked is in its journal, also the making of the lab', async () => {
    await manager.up('default', { nodes: 1 })
    await manager.addNode('default', undefined)
    const node01 = { lab: 'default', node: 'node01' }
    await manager.applyManifest(node01, 'web.yaml', POD)
    await manager.applyManifest(node01, 'web.yaml', POD, { replace: true })
    await manager.removeManifest(node01, 'web.yaml')
    await manager.stopNode(node01)
    expect(await journal()).toEqual([
      'LabStarted',
      'NodeAdded node02',
      'ManifestAdded node01 web.yaml',
      'ManifestReplaced node01 web.yaml',
      'ManifestRemoved node01 web.yaml',
      'NodeStopped node01',
    ])
  })

  it('when something is refused, then the journal says so; words about a node that is none are not in it', async () => {
    await manager.up('default', { nodes: 1 })
    await expect(manager.removeManifest({ lab: 'default', node: 'node01' }, 'none.yaml')).rejects.toThrow()
    await expect(manager.stopNode({ lab: 'default', node: 'node77' })).rejects.toThrow()
    await expect(manager.stopNode({ lab: '../../etc', node: 'node01' })).rejects.toThrow()
    expect(await journal()).toEqual(['LabStarted', 'ManifestRemoved node01 none.yaml refused'])
  })

  it('when something fails after it was begun, then the journal does not call it refused', async () => {
    await manager.up('default', { nodes: 2 })
    home.engine.removeVolume = () => Promise.reject(new LabError({ kind: 'Conflict', message: 'volume is in use' }))
    await expect(manager.removeNode({ lab: 'default', node: 'node02' })).rejects.toThrow('in use')
    expect(await journal()).toEqual(['LabStarted', 'NodeRemoved node02'])
  })

  it('when a drain fails after the node was cordoned, then the journal does not call it refused; one that finds nobody is', async () => {
    const api = new MemoryApi(() => 0)
    await api.client().create<Node>(NODES, { apiVersion: 'v1', kind: 'Node', metadata: { name: 'node01' } })
    home.openCluster = () => ({
      ...api.client(),
      list: () => Promise.reject(new ConnectionError('connection refused')),
      dispose: () => undefined,
    })
    const drained = await home.manager()
    await drained.up('default', { nodes: 1 })
    await expect(drained.drainNode({ lab: 'default', node: 'node01' })).rejects.toMatchObject({ kind: 'Unavailable' })
    api.stop()
    await expect(drained.drainNode({ lab: 'default', node: 'node01' })).rejects.toMatchObject({ kind: 'Unavailable' })
    expect(await journal()).toEqual(['LabStarted', 'NodeDrained node01', 'NodeDrained node01 refused'])
  })

  it('when another process acts, then whoever is subscribed hears of it', async () => {
    await manager.up('default', { nodes: 1 })
    const heard: UserAction[] = []
    const subscription = manager.subscribe({ onActionsAdded: (_lab, actions) => heard.push(...actions) })
    await expect.poll(() => heard.map(({ kind }) => kind)).toEqual(['LabStarted'])
    const other = await home.manager()
    await other.applyManifest({ lab: 'default', node: 'node01' }, 'web.yaml', POD)
    await expect.poll(() => heard.at(-1)).toMatchObject({ kind: 'ManifestAdded', file: 'web.yaml' })
    await subscription.dispose()
  })

  it('when the folder of the journal is removed meanwhile, then what is done later is recorded and heard of', async () => {
    await manager.up('default', { nodes: 1 })
    const heard: UserAction[] = []
    const subscription = manager.subscribe({ onActionsAdded: (_lab, actions) => heard.push(...actions) })
    await expect.poll(() => heard.map(({ kind }) => kind)).toEqual(['LabStarted'])
    rmSync(path.join(home.folder, 'labs/default/journal'), { recursive: true })
    await manager.applyManifest({ lab: 'default', node: 'node01' }, 'web.yaml', POD)
    await expect.poll(() => heard.at(-1)?.kind).toBe('ManifestAdded')
    const other = await home.manager()
    await other.removeManifest({ lab: 'default', node: 'node01' }, 'web.yaml')
    await expect.poll(() => heard.at(-1)?.kind).toBe('ManifestRemoved')
    expect(await journal()).toEqual(['ManifestAdded node01 web.yaml', 'ManifestRemoved node01 web.yaml'])
    await subscription.dispose()
  })
})
