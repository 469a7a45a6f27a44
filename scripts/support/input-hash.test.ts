import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { computeInputHash } from './input-hash.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'node-lab-hash-'))
  mkdirSync(join(folder, 'source'))
  writeFileSync(join(folder, 'source/a.ts'), 'one')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('computeInputHash', () => {
  it('given the same files, when computed twice, then the hash is the same', () => {
    expect(computeInputHash([folder])).toBe(computeInputHash([folder]))
  })

  it('given a changed content, a new name or a new file, when computed, then the hash differs', () => {
    const before = computeInputHash([folder])
    writeFileSync(join(folder, 'source/a.ts'), 'two')
    const changed = computeInputHash([folder])
    renameSync(join(folder, 'source/a.ts'), join(folder, 'source/b.ts'))
    const renamed = computeInputHash([folder])
    writeFileSync(join(folder, 'source/c.ts'), '')
    expect(new Set([before, changed, renamed, computeInputHash([folder])]).size).toBe(4)
  })

  it('given only a test that changed, when computed, then the hash is the same', () => {
    const before = computeInputHash([folder])
    writeFileSync(join(folder, 'source/a.test.ts'), 'it()')
    expect(computeInputHash([folder])).toBe(before)
  })
})
