import { readFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LabManager } from '../lab-manager.ts'
import { HomeLayout } from '../store/home.ts'
import { placeLab } from '../archive/place-lab.ts'
import { LabStore } from '../store/lab-store.ts'
import { TestHome } from '../testing/test-home.ts'

const SECRET = 'apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n'

let home: TestHome
let manager: LabManager

beforeEach(async () => {
  home = new TestHome()
  manager = await home.manager()
  await manager.up('made', { nodes: 1 })
  const layout = new HomeLayout(home.folder)
  const spec = await new LabStore(layout).read('made')
  if (spec === undefined) throw new Error('the lab has no description')
  // One that was never started: its settings lie beside its manifests.
  const files = new Map([
    ['nodes/node01/manifests/secret.yaml', Buffer.from(SECRET)],
    ['nodes/node01/settings/var/lib/kubelet/config.yaml', Buffer.from('staticPodURLHeader: {a: [b]}\n')],
  ])
  const description = { name: 'old', outsideNetwork: true, nodes: spec.nodes, images: [] }
  await placeLab(layout, { ...spec, name: 'old' }, { description, files })
})
afterEach(() => home.dispose())

describe('given a lab with a Secret among its manifests', () => {
  it('when it is cloned, then the clone has all of its files, and nothing is told to be missing', async () => {
    const { manifests, leftOut } = await manager.cloneLab('old', 'new')
    expect({ manifests, leftOut }).toEqual({ manifests: 1, leftOut: [] })
    const node = path.join(home.folder, 'labs/new/nodes/node01')
    expect(readFileSync(path.join(node, 'manifests/secret.yaml'), 'utf8')).toBe(SECRET)
    expect(readFileSync(path.join(node, 'settings/var/lib/kubelet/config.yaml'), 'utf8')).toContain(
      'staticPodURLHeader',
    )
  })

  it('when it is exported, then the Secret is left out by name', async () => {
    const { manifests, leftOut } = await manager.exportLab('old')
    expect({ manifests, leftOut }).toEqual({
      manifests: 0,
      leftOut: [{ node: 'node01', path: '/etc/kubernetes/manifests/secret.yaml', why: 'secret' }],
    })
  })
})
