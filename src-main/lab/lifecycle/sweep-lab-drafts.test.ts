import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { LabManager } from '../lab-manager.ts'
import { HomeLayout } from '../store/home.ts'
import { TestHome } from '../testing/test-home.ts'

const DRAFT = '.node-lab-6d0a3c1e-5b7f-4c2d-8e9f-0123456789ab'
const MANIFEST = 'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n'
let home: TestHome
let manager: LabManager
let layout: HomeLayout

beforeEach(async () => {
  home = new TestHome()
  layout = new HomeLayout(home.folder)
  manager = await home.manager()
  await manager.up('t', { nodes: 1 })
})
afterEach(() => home.dispose())

/** As a process left it that died an hour ago. */
function leaveDraft(folder: string): string {
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, DRAFT)
  writeFileSync(file, 'half a fi')
  const seconds = Date.now() / 1000 - 3600
  utimesSync(file, seconds, seconds)
  return file
}

it('given drafts that dead processes left, when the lab is brought up, then they go, but for what lies below a manifest folder', async () => {
  const manifests = layout.manifests('t', 'node01')
  const left = [
    home.folder,
    layout.labFolder('t'),
    layout.experiments('t'),
    path.join(layout.history('t'), 'contents'),
    layout.nodeFolder('t', 'node01'),
    manifests,
  ].map(leaveDraft)
  const deeper = leaveDraft(path.join(manifests, 'of-the-node'))
  await manager.up('t', {})
  expect(left.filter((file) => existsSync(file))).toEqual([])
  expect(existsSync(deeper)).toBe(true)
})

it('given one in a manifest folder, when a manifest is placed there, then it goes', async () => {
  const left = leaveDraft(layout.manifests('t', 'node01'))
  await manager.applyManifest({ lab: 't', node: 'node01' }, 'web.yaml', MANIFEST)
  expect(existsSync(left)).toBe(false)
})
