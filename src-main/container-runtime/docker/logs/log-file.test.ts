import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LogFile, newestRotated } from './log-file.ts'

const A = '2026-01-01T00:00:00.000000001Z'
const PATH = '/var/log/pods/p/c/0.log'

describe('LogFile', () => {
  let root: string
  const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8')

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'log-'))
  })
  afterEach(() => rm(root, { recursive: true }))

  it('given nothing yet, when opened and written, then folders and file are made', async () => {
    const file = new LogFile(root, PATH)
    expect(await file.open()).toBeUndefined()
    await file.append(Buffer.from(`${A} stdout F x\n`))
    await file.close()
    expect(await read(PATH)).toBe(`${A} stdout F x\n`)
  })

  it('given a half-written last line, when opened, then it is dropped and the position is before it', async () => {
    await mkdir(join(root, 'var/log/pods/p/c'), { recursive: true })
    await writeFile(join(root, PATH), `${A} stdout F x\n2026-01`)
    const file = new LogFile(root, PATH)
    expect(await file.open()).toEqual({ since: A, written: [`${A} stdout F`] })
    await file.close()
    expect(await read(PATH)).toBe(`${A} stdout F x\n`)
  })

  it('given a file that was rotated away, when reopened, then lines go on in a new one, and the position is known', async () => {
    const file = new LogFile(root, PATH)
    await file.open()
    await file.append(Buffer.from(`${A} stdout F old\n`))
    await rename(join(root, PATH), join(root, `${PATH}.20260101-000000`))
    await file.reopen()
    await file.close()
    expect(await read(PATH)).toBe('')
    expect(await new LogFile(root, PATH).open()).toEqual({ since: A, written: [`${A} stdout F`] })
  })

  it('given parts of one line that fill more than one read, then all of them are counted, also those rotated away', async () => {
    const part = Buffer.from(`${A} stdout P ${'x'.repeat(16_384)}\n`)
    const file = new LogFile(root, PATH)
    await file.open()
    await file.append(Buffer.from(`2026-01-01T00:00:00.000000000Z stderr F first\n`))
    for (let index = 0; index < 20; index++) await file.append(part)
    await rename(join(root, PATH), join(root, `${PATH}.20260101-000000`))
    await file.reopen()
    await file.append(Buffer.concat(Array.from({ length: 5 }, () => part)))
    await file.close()
    const position = await new LogFile(root, PATH).open()
    expect(position?.since).toBe(A)
    expect(position?.written).toEqual(Array.from({ length: 25 }, () => `${A} stdout P`))
  })

  it('given a file that was rotated away in the middle of a line, when opened, then that line is cut off there too', async () => {
    await mkdir(join(root, 'var/log/pods/p/c'), { recursive: true })
    await writeFile(join(root, `${PATH}.20260101-000000`), `${A} stdout F x\n2026-01`)
    const file = new LogFile(root, PATH)
    expect(await file.open()).toEqual({ since: A, written: [`${A} stdout F`] })
    await file.close()
    expect(await read(`${PATH}.20260101-000000`)).toBe(`${A} stdout F x\n`)
  })

  it.each([
    ['a folder on the way', 'var/log/pods', '..'],
    ['the file itself', 'var/log/pods/p/c/0.log', '../../../../../outside'],
  ])('given a link instead of %s, then it is not followed', async (_name, link, target) => {
    await mkdir(join(root, link, '..'), { recursive: true })
    await symlink(target, join(root, link))
    await expect(new LogFile(root, PATH).open()).rejects.toThrow(/ELOOP|ENOTDIR/)
  })

  it('given a path that climbs, then it is refused', async () => {
    await expect(new LogFile(root, '/var/../../etc/x').open()).rejects.toThrow('not a plain path')
  })

  it('given rotated files, then the newest that is not compressed is found', () => {
    const names = [
      '0.log',
      '0.log.20260101-000000',
      '0.log.20260102-000000',
      '0.log.20260103-000000.gz',
      '1.log.20270101-000000',
    ]
    expect(newestRotated(names, '0.log')).toBe('0.log.20260102-000000')
    expect(newestRotated(['0.log'], '0.log')).toBeUndefined()
  })
})
