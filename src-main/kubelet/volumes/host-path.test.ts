import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { HostPathType } from '../../common/api/core.ts'
import { prepareHostPath } from './host-path.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'host-path-'))
  mkdirSync(join(folder, 'folder'))
  writeFileSync(join(folder, 'file'), 'there')
  symlinkSync('folder', join(folder, 'link'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const ask = (name: string, type: HostPathType): string | undefined =>
  prepareHostPath(join(folder, name), type)?.replace(folder, 'DIR')

describe('prepareHostPath', () => {
  it('given no type, then nothing is looked at, and nothing is made', () => {
    expect(ask('missing', '')).toBeUndefined()
    expect(statSync(join(folder, 'missing'), { throwIfNoEntry: false })).toBeUndefined()
  })

  it.each([
    ['folder', 'Directory', undefined],
    ['link', 'Directory', undefined],
    ['file', 'File', undefined],
    ['file', 'Directory', 'hostPath type check failed: DIR/file is not a directory'],
    ['missing', 'Directory', 'hostPath type check failed: DIR/missing is not a directory'],
    ['folder', 'File', 'hostPath type check failed: DIR/folder is not a file'],
    ['file', 'Socket', 'hostPath type check failed: DIR/file is not a socket file'],
    ['file', 'CharDevice', 'hostPath type check failed: DIR/file is not a character device'],
    ['file', 'BlockDevice', 'hostPath type check failed: DIR/file is not a block device'],
    ['file', 'DirectoryOrCreate', 'hostPath type check failed: DIR/file is not a directory'],
    ['folder', 'FileOrCreate', 'hostPath type check failed: DIR/folder is not a file'],
    ['none/file', 'FileOrCreate', 'open DIR/none/file: no such file or directory'],
  ] as [string, HostPathType, string | undefined][])('given %s and type %s, then: %s', (name, type, message) => {
    expect(ask(name, type)).toBe(message)
  })

  it('given a socket and a character device, then they are what they are', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(join(folder, 'socket'), resolve))
    expect(ask('socket', 'Socket')).toBeUndefined()
    server.close()
    expect(prepareHostPath('/dev/null', 'CharDevice')).toBeUndefined()
  })

  it('given a pipe, then it is none of these', () => {
    execFileSync('mkfifo', [join(folder, 'pipe')])
    expect(ask('pipe', 'File')).toBe('hostPath type check failed: DIR/pipe is not a file')
  })

  it('given that it may be made, then a folder with its parents, or a file in a folder that is there', () => {
    expect(ask('a/b', 'DirectoryOrCreate')).toBeUndefined()
    expect(statSync(join(folder, 'a/b')).mode & 0o7777).toBe(0o755)
    expect(ask('a/new', 'FileOrCreate')).toBeUndefined()
    expect(statSync(join(folder, 'a/new')).mode & 0o7777).toBe(0o644)
    expect(ask('file', 'FileOrCreate')).toBeUndefined()
    expect(statSync(join(folder, 'file')).size).toBe(5)
  })

  it('given a way up, then it is refused', () => {
    expect(prepareHostPath('/data/../etc', '')).toBe("invalid HostPath `/data/../etc`: must not contain '..'")
  })
})
