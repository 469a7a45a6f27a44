import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { WatchedPath } from './channel-source.ts'
import { listManifests, MAX_MANIFEST_BYTES, readManifest, removeManifest, writeManifest } from './manifest-files.ts'

let folder = ''
const watched = (folderPath = folder): WatchedPath => ({ kind: 'folder', path: folderPath })
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'manifests-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('given a manifest folder', () => {
  it('when a file is written, read and removed, then only that file changes', async () => {
    await writeManifest(watched(), 'web.yaml', Buffer.from('one'))
    await writeManifest(watched(), 'web.yaml', Buffer.from('two'))
    expect((await readManifest(watched(), 'web.yaml')).toString()).toBe('two')
    expect(statSync(path.join(folder, 'web.yaml')).mode & 0o777).toBe(0o644)
    expect(await listManifests(watched())).toEqual({ path: folder, names: ['web.yaml'] })
    await removeManifest(watched(), 'web.yaml')
    expect(readdirSync(folder)).toEqual([])
  })

  it('when a kubelet that was killed has left half a file there, then it goes with the next file, and those of others stay', async () => {
    const leave = (name: string, ageMinutes: number): string => {
      writeFileSync(path.join(folder, name), 'half a fi')
      const seconds = Date.now() / 1000 - ageMinutes * 60
      utimesSync(path.join(folder, name), seconds, seconds)
      return name
    }
    const id = (digit: number): string => `${digit}d0a3c1e-5b7f-4c2d-8e9f-0123456789ab`
    leave(`.node-lab-kubelet-${id(1)}`, 11)
    const kept = [leave(`.node-lab-kubelet-${id(2)}`, 9), leave(`.node-lab-${id(3)}`, 60), leave('.notes', 60)]
    await writeManifest(watched(), 'web.yaml', Buffer.from('one'))
    expect(readdirSync(folder).sort()).toEqual([...kept, 'web.yaml'].sort())
  })

  it.each(['', '.', '..', '../x', 'a/b', 'a\0b', 'x'.repeat(256)])(
    'when the name is %j, then it is refused',
    async (name) => {
      for (const attempt of [
        () => readManifest(watched(), name),
        () => writeManifest(watched(), name, Buffer.from('x')),
        () => removeManifest(watched(), name),
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
    await expect(readManifest(watched(inside), 'link.yaml')).rejects.toMatchObject({ kind: 'Forbidden' })
    await writeManifest(watched(inside), 'link.yaml', Buffer.from('mine'))
    expect(readFileSync(outside, 'utf8')).toBe('secret')
    expect((await readManifest(watched(inside), 'link.yaml')).toString()).toBe('mine')
  })

  it('when a folder, a dot file, too much or nothing is there, then it says so and leaves nothing behind', async () => {
    mkdirSync(path.join(folder, 'sub'))
    await expect(writeManifest(watched(), 'sub', Buffer.from('x'))).rejects.toMatchObject({ kind: 'Conflict' })
    await expect(removeManifest(watched(), 'sub')).rejects.toMatchObject({ kind: 'Conflict' })
    await expect(readManifest(watched(), 'sub')).rejects.toMatchObject({ kind: 'Conflict' })
    await expect(writeManifest(watched(), '.x.yaml', Buffer.from('x'))).rejects.toMatchObject({ kind: 'BadRequest' })
    const much = Buffer.alloc(MAX_MANIFEST_BYTES + 1)
    await expect(writeManifest(watched(), 'x.yaml', much)).rejects.toMatchObject({ kind: 'BadRequest' })
    await expect(readManifest(watched(), 'gone')).rejects.toMatchObject({ kind: 'NotFound' })
    await expect(removeManifest(watched(), 'gone')).rejects.toMatchObject({ kind: 'NotFound' })
    expect(readdirSync(folder)).toEqual(['sub'])
  })

  it('when the kubelet watches no folder or a missing one, then that is said', async () => {
    expect(await listManifests(null)).toEqual({ path: null, names: [] })
    await expect(writeManifest(null, 'a.yaml', Buffer.from(''))).rejects.toMatchObject({ kind: 'Conflict' })
    const missing = path.join(folder, 'missing')
    expect(await listManifests(watched(missing))).toEqual({ path: missing, names: [] })
    await expect(writeManifest(watched(missing), 'a.yaml', Buffer.from(''))).rejects.toMatchObject({
      kind: 'NotFound',
      message: `${missing}, from which this kubelet reads its manifests, does not exist on the node`,
    })
  })
})

describe('given one file that is watched', () => {
  it('when it is written, read and removed, then it alone is; another name is refused with the reason', async () => {
    const one: WatchedPath = { kind: 'file', path: path.join(folder, 'one.yaml') }
    await writeManifest(one, 'one.yaml', Buffer.from('one'))
    writeFileSync(path.join(folder, 'two.yaml'), 'two')
    expect(await listManifests(one)).toEqual({ path: one.path, names: ['one.yaml'] })
    expect((await readManifest(one, 'one.yaml')).toString()).toBe('one')
    await expect(writeManifest(one, 'two.yaml', Buffer.from('x'))).rejects.toMatchObject({
      kind: 'Conflict',
      message: `this kubelet reads one file, ${one.path}, and no folder, so a file two.yaml would start nothing`,
    })
    await removeManifest(one, 'one.yaml')
    expect(await listManifests(one)).toEqual({ path: one.path, names: [] })
    expect(readdirSync(folder)).toEqual(['two.yaml'])
  })
})
