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
