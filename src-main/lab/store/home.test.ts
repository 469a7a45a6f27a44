import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { prepareHome } from './home.ts'

const root = mkdtempSync(path.join(tmpdir(), 'node-lab-home-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

describe('prepareHome', () => {
  it('given two spellings of one folder, then they are one home', async () => {
    const home = await prepareHome(path.join(root, 'home'))
    symlinkSync(home, path.join(root, 'alias'))
    expect(await prepareHome(path.join(root, 'alias'))).toBe(home)
  })

  // Node's recursive mkdir never comes back from there.
  it('given a place where no folder can be made, as under /proc, then it says so at once', async () => {
    const home = process.platform === 'linux' ? '/proc/node-lab/home' : path.join(root, 'file-first', 'home')
    if (process.platform !== 'linux') writeFileSync(path.dirname(home), '')
    await expect(prepareHome(home)).rejects.toMatchObject({ kind: 'Forbidden' })
  })

  it('given folders above it that are not there, then they are made', async () => {
    const home = path.join(root, 'a', 'b', 'c')
    expect(await prepareHome(home)).toBe(home)
  })

  it('given a file where the home should be, then the message names it and the remedy the variable', async () => {
    const file = path.join(root, 'file')
    writeFileSync(file, '')
    await expect(prepareHome(file)).rejects.toMatchObject({
      kind: 'Forbidden',
      message: expect.stringContaining(file) as string,
      remedy: expect.stringContaining('NODE_LAB_HOME') as string,
    })
  })
})
