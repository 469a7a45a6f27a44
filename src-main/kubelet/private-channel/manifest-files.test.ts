import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listManifests, MAX_MANIFEST_BYTES, readManifest, removeManifest, writeManifest } from './manifest-files.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'manifests-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('given a manifest folder', () => {
  it('when a file is written, read and removed, then only that file changes', async () => {
    await writeManifest(folder, 'web.yaml', Buffer.from('one'))
    await writeManifest(folder, 'web.yaml', Buffer.from('two'))
    expect((await readManifest(folder, 'web.yaml')).toString()).toBe('two')
    expect(statSync(path.join(folder, 'web.yaml')).mode & 0o777).toBe(0o644)
    expect(await listManifests(folder)).toEqual({ path: folder, names: ['web.yaml'] })
    await removeManifest(folder, 'web.yaml')
    expect(readdirSync(folder)).toEqual([])
  })

  it.each(['', '.', '..', '../x', 'a/b', 'a\0b', 'x'.repeat(256)])(
    'when the name is %j, then it is refused',
    async (name) => {
      for (const attempt of [
        () => readManifest(folder, name),
        () => writeManifest(folder, name, Buffer.from('x')),
        () => removeManifest(folder, name),
      ])
        await expect(attempt()).rejects.toMatchObject({ kind: 'BadRequest' })
    },
  )

  it('when a link leads outside, then it is neither read through nor written through', async () => {
    const outside = path.join(folder, 'outside')
    const inside = path.join(folder, 'inside')
    mkdirSync(inside)
    writeFileSync(outside, 'secret')
    symlinkSync(outside, path.join(inside, 'link.yaml'))
    await expect(readManifest(inside, 'link.yaml')).rejects.toMatchObject({ kind: 'Forbidden' })
    await writeManifest(inside, 'link.yaml', Buffer.from('mine'))
    expect(readFileSync(outside, 'utf8')).toBe('secret')
    expect((await readManifest(inside, 'link.yaml')).toString()).toBe('mine')
  })

  it('when a folder, a dot file, too much or nothing is there, then it says so and leaves nothing behind', async () => {
    mkdirSync(path.join(folder, 'sub'))
    await expect(writeManifest(folder, 'sub', Buffer.from('x'))).rejects.toMatchObject({ kind: 'Conflict' })
    await expect(removeManifest(folder, 'sub')).rejects.toMatchObject({ kind: 'Conflict' })
    await expect(readManifest(folder, 'sub')).rejects.toMatchObject({ kind: 'Conflict' })
    await expect(writeManifest(folder, '.x.yaml', Buffer.from('x'))).rejects.toMatchObject({ kind: 'BadRequest' })
    const much = Buffer.alloc(MAX_MANIFEST_BYTES + 1)
    await expect(writeManifest(folder, 'x.yaml', much)).rejects.toMatchObject({ kind: 'BadRequest' })
    await expect(readManifest(folder, 'gone')).rejects.toMatchObject({ kind: 'NotFound' })
    await expect(removeManifest(folder, 'gone')).rejects.toMatchObject({ kind: 'NotFound' })
    expect(readdirSync(folder)).toEqual(['sub'])
  })

  it('when the kubelet watches no folder or a missing one, then that is said', async () => {
    expect(await listManifests(null)).toEqual({ path: null, names: [] })
    await expect(writeManifest(null, 'a.yaml', Buffer.from(''))).rejects.toMatchObject({ kind: 'Conflict' })
    const missing = path.join(folder, 'missing')
    expect(await listManifests(missing)).toEqual({ path: missing, names: [] })
    await expect(writeManifest(missing, 'a.yaml', Buffer.from(''))).rejects.toMatchObject({
      kind: 'NotFound',
      message: `${missing}, from which this kubelet reads its manifests, does not exist on the node`,
    })
  })
})
