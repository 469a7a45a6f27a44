import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ManifestFolder } from './manifest-folder.ts'

let root = ''
let folder = new ManifestFolder('/')
const inside = (name: string): string => path.join(folder.folder, name)

beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'manifests-'))
  folder = new ManifestFolder(path.join(root, 'manifests'))
  mkdirSync(folder.folder)
  writeFileSync(path.join(root, 'secret'), 'secret')
})
afterEach(() => rmSync(root, { recursive: true }))

describe('given a manifest folder', () => {
  it('when a file is written, then it is there whole and nothing lies beside it', async () => {
    expect(await folder.write('web.yaml', 'a: 1', false)).toBe(false)
    expect((await folder.read('web.yaml')).toString()).toBe('a: 1')
    expect(readdirSync(folder.folder)).toEqual(['web.yaml'])
  })

  it('when a name is not UTF-8, then its file is listed all the same', async () => {
    writeFileSync(Buffer.concat([Buffer.from(`${folder.folder}/caf`), Buffer.of(0xe9)]), 'a: 1')
    expect((await folder.list()).map(({ name, stats }) => [name, stats.size])).toEqual([['caf\\xe9', 4]])
  })

  it('when somebody has removed the folder, then nothing is written where no node looks', async () => {
    rmSync(folder.folder, { recursive: true })
    await expect(folder.write('web.yaml', 'a: 1', false)).rejects.toMatchObject({
      kind: 'Conflict',
      message: expect.stringContaining('is gone') as string,
    })
    expect(existsSync(folder.folder)).toBe(false)
  })

  it('when the name is taken, then only `replace` writes', async () => {
    await folder.write('web.yaml', 'old', false)
    await expect(folder.write('web.yaml', 'new', false)).rejects.toMatchObject({ kind: 'AlreadyExists' })
    expect(readFileSync(inside('web.yaml'), 'utf8')).toBe('old')
    expect(await folder.write('web.yaml', 'new', true)).toBe(true)
    expect(readFileSync(inside('web.yaml'), 'utf8')).toBe('new')
  })

  it.each(['../secret', 'a/b', '.hidden', '', '..', 'a\0b', 'a\nb'])(
    'when the name is %j, then it is refused',
    async (name) => {
      await expect(folder.read(name)).rejects.toMatchObject({ kind: 'BadRequest' })
      await expect(folder.write(name, 'x', true)).rejects.toMatchObject({ kind: 'BadRequest' })
      await expect(folder.remove(name)).rejects.toMatchObject({ kind: 'BadRequest' })
      expect(readFileSync(path.join(root, 'secret'), 'utf8')).toBe('secret')
    },
  )

  it('when it holds a link out of it, then the link is not read, and is what is replaced and removed', async () => {
    for (const name of ['read', 'replace', 'remove']) symlinkSync('../secret', inside(name))
    await expect(folder.read('read')).rejects.toMatchObject({ kind: 'Forbidden' })
    await folder.write('replace', 'mine', true)
    await folder.remove('remove')
    expect(readFileSync(path.join(root, 'secret'), 'utf8')).toBe('secret')
    expect(readFileSync(inside('replace'), 'utf8')).toBe('mine')
  })

  it('when it is listed, then names come in order, links are not followed, and a folder that is gone has none', async () => {
    symlinkSync('../secret', inside('link'))
    mkdirSync(inside('sub'))
    writeFileSync(inside('.hidden'), 'x')
    execFileSync('mkfifo', [inside('pipe')])
    const entries = await folder.list()
    expect(entries.map(({ name }) => name)).toEqual(['.hidden', 'link', 'pipe', 'sub'])
    expect(entries[1]?.stats.isSymbolicLink()).toBe(true)
    rmSync(folder.folder, { recursive: true })
    expect(await folder.list()).toEqual([])
  })

  it('when it holds a pipe, then reading it does not wait for a writer', async () => {
    execFileSync('mkfifo', [inside('pipe')])
    await expect(folder.read('pipe')).rejects.toMatchObject({ kind: 'Conflict' })
  })

  it('when it holds a folder, then that is neither read nor replaced nor removed', async () => {
    mkdirSync(inside('sub'))
    await expect(folder.read('sub')).rejects.toMatchObject({ kind: 'Conflict' })
    await expect(folder.write('sub', 'x', true)).rejects.toMatchObject({ kind: 'Conflict' })
    await expect(folder.remove('sub')).rejects.toMatchObject({ kind: 'Conflict' })
  })

  it('when a file is larger than a kubelet reads, then it is refused both ways', async () => {
    writeFileSync(inside('big'), '')
    truncateSync(inside('big'), 10 * 1024 * 1024 + 1)
    await expect(folder.read('big')).rejects.toMatchObject({ kind: 'BadRequest' })
    await expect(folder.write('big2', 'x'.repeat(10 * 1024 * 1024 + 1), false)).rejects.toMatchObject({
      kind: 'BadRequest',
    })
    expect(readdirSync(folder.folder)).toEqual(['big'])
  })

  it('when there is no such file, then it is NotFound', async () => {
    await expect(folder.read('none')).rejects.toMatchObject({ kind: 'NotFound' })
    await expect(folder.remove('none')).rejects.toMatchObject({ kind: 'NotFound' })
  })
})
