import { existsSync, mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { computeLeftovers, computeOwnerPrefix, removeRemains } from './containerd-leftovers.ts'

const living: Record<number, string> = { 10: '500', 11: '600' }
const tickOf = (pid: number): Promise<string | undefined> => Promise.resolve(living[pid])

describe('computeLeftovers', () => {
  it('given folders of several runs, then those are left whose process is gone or is another by now', async () => {
    const names = [
      'node-lab-containerd-10-500-abcdef',
      'node-lab-containerd-11-599-abcdef',
      'node-lab-containerd-12-700-abcdef',
      'node-lab-containerd',
      'systemd',
    ]
    expect(await computeLeftovers(names, tickOf)).toEqual([names[1], names[2]])
  })

  it('given our own prefix, then what bears it is not left while we live', async () => {
    const name = `${await computeOwnerPrefix()}abcdef`
    expect(name).toMatch(new RegExp(`^node-lab-containerd-${process.pid}-\\d+-abcdef$`))
    expect(await computeLeftovers([name], () => Promise.resolve(undefined))).toEqual([name])
    expect(await computeLeftovers([name], () => Promise.resolve(name.split('-')[4]))).toEqual([])
  })
})

describe('removeRemains', () => {
  it('given a folder without control groups, whether or not one may write where they would be, then it is removed', async () => {
    const name = `${await computeOwnerPrefix()}remains`
    mkdirSync(join(tmpdir(), name, 'state'), { recursive: true })
    await removeRemains(name)
    expect(existsSync(join(tmpdir(), name))).toBe(false)
  })
})
