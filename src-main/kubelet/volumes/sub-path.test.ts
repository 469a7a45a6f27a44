import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { requestedSubPath, resolveSubPath } from './sub-path.ts'

const asking = (mount: { subPath?: string; subPathExpr?: string }, pod = 'web') =>
  requestedSubPath({ name: 'v', mountPath: '/x', ...mount }, [{ key: 'POD', value: pod }])

describe('requestedSubPath', () => {
  it('given no sub-path, a plain one, or one with a variable, then it is what was asked for', () => {
    expect([asking({}), asking({ subPath: 'a/b' }), asking({ subPathExpr: 'logs/$(POD)' })]).toEqual([
      '',
      'a/b',
      'logs/web',
    ])
  })

  it.each([
    [{ subPath: '/etc' }, 'must not be an absolute path'],
    [{ subPath: 'a/../../b' }, "must not contain '..'"],
  ])('given %j, then it is refused', (mount, reason) => {
    expect(() => asking(mount)).toThrow(reason)
  })

  it('given a variable that holds a way out, then it is refused after it was filled in', () => {
    expect(() => asking({ subPathExpr: '$(POD)' }, '/etc')).toThrow('must not be an absolute path')
    expect(() => asking({ subPathExpr: '$(POD)/x' }, '..')).toThrow("must not contain '..'")
  })
})

describe('resolveSubPath', () => {
  let folder = ''
  let volume = ''

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'sub-path-')))
    volume = join(folder, 'volume')
    mkdirSync(join(folder, 'outside'))
    mkdirSync(volume)
    chmodSync(volume, 0o2777)
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('given folders that are missing, then they are made with the mode of the volume', () => {
    expect(resolveSubPath(volume, 'a/./b/')).toBe(join(volume, 'a/b'))
    for (const made of ['a', 'a/b']) expect(statSync(join(volume, made)).mode & 0o7777).toBe(0o2777)
  })

  it('given a file, then it is mounted as it is', () => {
    writeFileSync(join(volume, 'settings'), 'x')
    expect(resolveSubPath(volume, 'settings')).toBe(join(volume, 'settings'))
  })

  it('given a link within the volume, then the path has no link any more', () => {
    mkdirSync(join(volume, 'real'))
    symlinkSync('real', join(volume, 'link'))
    expect(resolveSubPath(volume, 'link/below')).toBe(join(volume, 'real/below'))
  })

  it.each([
    ['absolute', '/etc', 'leads out of its volume'],
    ['relative', '../outside', 'leads out of its volume'],
    ['to a name that begins alike', '../volume2', 'leads out of its volume'],
    ['that leads nowhere', '../nothing', 'leads nowhere'],
    ['in a circle', 'link', 'leads nowhere'],
  ])('given a link %s, then the container is not made, and nothing outside', (_name, target, reason) => {
    mkdirSync(join(folder, 'volume2'))
    symlinkSync(target, join(volume, 'link'))
    expect(() => resolveSubPath(volume, 'link/below')).toThrow(reason)
    for (const other of ['outside', 'volume2'])
      expect(statSync(join(folder, other, 'below'), { throwIfNoEntry: false })).toBeUndefined()
  })

  it('given a volume that is reached through a link itself, then that is no way out', () => {
    symlinkSync(volume, join(folder, 'alias'))
    expect(resolveSubPath(join(folder, 'alias'), 'a')).toBe(join(volume, 'a'))
  })
})
