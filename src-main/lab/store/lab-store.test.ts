import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { HomeLayout } from './home.ts'
import { LabStore } from './lab-store.ts'

let home: string

beforeEach(() => {
  home = mkdtempSync(path.join(tmpdir(), 'lab-store-'))
})

afterEach(() => rmSync(home, { recursive: true, force: true }))

describe('a manifest folder', () => {
  it('given what a node may leave in it, then no other user of the machine gets as far', async () => {
    const layout = new HomeLayout(home)
    await new LabStore(layout).makeManifestsFolder('lab', 'node01')
    expect(statSync(layout.manifests('lab', 'node01')).isDirectory()).toBe(true)
    expect(statSync(layout.nodeFolder('lab', 'node01')).mode & 0o077).toBe(0)
  })
})
