import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { READ_SCRIPT } from './read-volume-files.ts'

let folder: string

beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'node-lab-disk-')))
})
afterEach(() => rmSync(folder, { recursive: true }))

function read(): string[] {
  const output = execFileSync('/bin/sh', ['-c', READ_SCRIPT, 'sh', 'MARK', folder], { encoding: 'utf8' })
  return output.split('\n').filter((line) => line.startsWith('MARK'))
}

describe('given a folder on the disk of a node', () => {
  it('when one file of it is far too large, then only that one is passed over', () => {
    for (const name of ['a', 'c']) writeFileSync(path.join(folder, name), 'x')
    writeFileSync(path.join(folder, 'b'), '')
    truncateSync(path.join(folder, 'b'), 100 * 1024 * 1024)
    expect(read()).toEqual([`MARK file ${folder}/a`, `MARK large ${folder}/b`, `MARK file ${folder}/c`])
  })

  it('when it has more files than are read, then that is told of the folder', () => {
    for (let index = 0; index < 2001; index++) writeFileSync(path.join(folder, String(index)), '')
    const lines = read()
    expect(lines.filter((line) => line.startsWith('MARK file'))).toHaveLength(2000)
    expect(lines.at(-1)).toBe(`MARK large ${folder}`)
  })
})
