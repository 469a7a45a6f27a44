import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { findAppFolders } from './resources.ts'
import { readSamples } from './samples.ts'

const root = mkdtempSync(join(tmpdir(), 'node-lab-resources-'))
afterEach(() => rmSync(root, { recursive: true, force: true }))

function aPackage(): string {
  mkdirSync(join(root, 'resources/manifests'), { recursive: true })
  mkdirSync(join(root, 'resources/images'), { recursive: true })
  mkdirSync(join(root, 'out/main'), { recursive: true })
  writeFileSync(join(root, 'resources/images/catalogue.yaml'), '')
  writeFileSync(join(root, 'resources/manifests/web.yaml'), 'kind: Pod\n')
  writeFileSync(join(root, 'resources/manifests/README.md'), 'about\n')
  return root
}

describe('findAppFolders', () => {
  it('given a package, when asked from the build, then it finds samples and renderer beside it', () => {
    const folder = aPackage()
    expect(findAppFolders(join(folder, 'out/main'))).toEqual({
      samples: join(folder, 'resources/manifests'),
      icons: join(folder, 'resources/icons'),
      experiments: join(folder, 'resources/experiments'),
      renderer: join(folder, 'out/renderer'),
    })
  })

  it('given no resources anywhere above, when asked, then it says where it looked', () => {
    expect(() => findAppFolders('/')).toThrow('/')
  })
})

describe('readSamples', () => {
  it('given a shelf with a README, when read, then only manifests are samples', async () => {
    expect(await readSamples(join(aPackage(), 'resources/manifests'))).toEqual([
      { name: 'web.yaml', id: 'web', content: 'kind: Pod\n' },
    ])
  })

  it('given more manifests, when read, then they stand in the order of a lesson and others follow by name', async () => {
    const shelf = join(aPackage(), 'resources/manifests')
    for (const id of ['other', 'another', 'broken', 'hello']) writeFileSync(join(shelf, `${id}.yaml`), '')
    const ids = (await readSamples(shelf)).map((sample) => sample.id)
    expect(ids).toEqual(['web', 'hello', 'broken', 'another', 'other'])
  })
})
