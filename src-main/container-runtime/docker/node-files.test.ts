import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeMissingFolder } from './node-files.ts'

let folder: string
let root: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'node-files-'))
  root = join(folder, 'root')
  await mkdir(root)
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('makeMissingFolder', () => {
  it('given a path that is not there, then it is made with all that leads to it, for everyone to read', async () => {
    await makeMissingFolder(root, '/data//a/b')
    expect((await stat(join(root, 'data/a/b'))).mode & 0o777).toBe(0o755)
  })

  it('given a folder or a file at the path, then it stays as it is', async () => {
    await mkdir(join(root, 'folder'), { mode: 0o700 })
    await writeFile(join(root, 'file'), 'kept')
    await makeMissingFolder(root, '/folder')
    await makeMissingFolder(root, '/file')
    await makeMissingFolder(root, '/file/below')
    expect((await stat(join(root, 'folder'))).mode & 0o777).toBe(0o700)
    expect((await stat(join(root, 'file'))).size).toBe(4)
  })

  it('given a link on the way that leads outside, then nothing is made there', async () => {
    const outside = join(folder, 'outside')
    await mkdir(outside)
    await symlink(outside, join(root, 'link'))
    await makeMissingFolder(root, '/link/a')
    await makeMissingFolder(root, '/link')
    expect(await readdir(outside)).toEqual([])
  })
})
