import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isElf, readElfNeeds, stripElf } from './elf.ts'

/** Every Linux machine has one. */
const program = '/bin/sh'

describe.runIf(process.platform === 'linux' && existsSync(program))('given a program of this machine', () => {
  it('then its libraries and interpreter are found', () => {
    const needs = readElfNeeds(readFileSync(program))
    expect(needs.libraries.some((name) => name.startsWith('libc.'))).toBe(true)
    expect(needs.interpreter).toMatch(/^\/lib/)
  })

  it('when it is stripped, then it is no larger and still runs', () => {
    const original = readFileSync(program)
    const stripped = stripElf(original)
    expect(stripped.length).toBeLessThanOrEqual(original.length)
    const folder = mkdtempSync(join(tmpdir(), 'node-lab-elf-'))
    try {
      writeFileSync(join(folder, 'sh'), stripped)
      chmodSync(join(folder, 'sh'), 0o755)
      expect(execFileSync(join(folder, 'sh'), ['-c', 'echo works'], { encoding: 'utf8' })).toBe('works\n')
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

it('given a text, then it is no ELF file and stays as it is', () => {
  const text = Buffer.from('#!/bin/sh\n'.repeat(20))
  expect(isElf(text)).toBe(false)
  expect(stripElf(text)).toBe(text)
  expect(readElfNeeds(text)).toEqual({ libraries: [], interpreter: undefined })
})
