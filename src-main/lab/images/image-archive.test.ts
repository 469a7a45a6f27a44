import { mkdtempSync, readFileSync, rmSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { extract } from 'tar-stream'
import type { Readable } from 'node:stream'
import { FileTree } from './file-tree.ts'
import { computeConfiguration, computeImageArchive, readFromDisk, streamImageArchive } from './image-archive.ts'
import { readLayer, writeLayer } from './layer.ts'

const folder = mkdtempSync(join(tmpdir(), 'node-lab-layers-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const created = new Date('2026-08-01T00:00:00Z')

function tree(): FileTree {
  const files = new FileTree()
  files.file('etc/hello', 'world', 0o640)
  files.symlink('bin/sh', 'busybox')
  files.folder('tmp', 0o1777)
  return files
}

async function namesIn(tarball: Readable): Promise<string[]> {
  const names: string[] = []
  const archive = extract()
  tarball.pipe(archive)
  for await (const entry of archive) {
    names.push(`${entry.header.type} ${entry.header.name} ${(entry.header.mode ?? 0).toString(8)}`)
    entry.resume()
  }
  return names
}

describe('writeLayer', () => {
  it('given the same tree twice, then the bytes are the same', async () => {
    const first = await writeLayer(tree(), join(folder, 'a.tar'), created, 'd', '')
    const second = await writeLayer(tree(), join(folder, 'b.tar'), created, 'd', '')
    expect(second.diffId).toBe(first.diffId)
    expect(readFileSync(second.path).equals(readFileSync(first.path))).toBe(true)
  })

  it('given a layer on disk, then it is found whole, and not when it was cut off', async () => {
    const layer = await writeLayer(tree(), join(folder, 'c.tar'), created, 'd', '1.2')
    expect(await readLayer(layer.path)).toEqual(layer)
    truncateSync(layer.path, 100)
    expect(await readLayer(layer.path)).toBeUndefined()
    expect(await readLayer(join(folder, 'none.tar'))).toBeUndefined()
  })
})

describe('streamImageArchive', () => {
  it('given an image, then manifest, configuration and layers fit together', async () => {
    const layer = await writeLayer(tree(), join(folder, 'd.tar'), created, 'd', '')
    const archive = computeImageArchive(
      'node-lab.invalid/x:1',
      computeConfiguration([layer], { command: ['sh'], labels: { a: 'b' } }, 'amd64'),
      [readFromDisk(layer)],
    )
    const id = archive.imageId.slice('sha256:'.length)
    const layerName = `${layer.diffId.slice('sha256:'.length)}/layer.tar`
    expect(JSON.parse(archive.manifest)).toEqual([
      { Config: `${id}.json`, RepoTags: ['node-lab.invalid/x:1'], Layers: [layerName] },
    ])
    expect(JSON.parse(archive.configuration)).toMatchObject({
      created: created.toISOString(),
      config: { Cmd: ['sh'], Labels: { a: 'b' } },
      rootfs: { type: 'layers', diff_ids: [layer.diffId] },
    })
    expect(await namesIn(streamImageArchive(archive))).toEqual([
      `file ${id}.json 644`,
      'file manifest.json 644',
      `file ${layerName} 644`,
    ])
    expect(await namesIn(streamImageArchive(archive, 1))).toHaveLength(2)
  })
})
