import { describe, expect, it } from 'vitest'
import type { LabStatus } from '@common/lab/lab-status.ts'
import { renameLab, type RenameSteps } from './rename-lab.ts'

function steps(done: string[], refusal?: Error): RenameSteps {
  return {
    isOn: true,
    down: () => Promise.resolve(void done.push('down')),
    rename: () => (refusal === undefined ? Promise.resolve({ name: 'new' } as LabStatus) : Promise.reject(refusal)),
    up: (name) => Promise.resolve(void done.push(`up ${name}`)),
  }
}

describe('given a lab that runs', () => {
  it('when it is renamed, then it is stopped before and started after, by its new name', async () => {
    const done: string[] = []
    await renameLab('old', steps(done), ({ name }) => done.push(`told ${name}`))
    expect(done).toEqual(['down', 'told new', 'up new'])
  })

  it('when the rename is refused, then it runs again by its old name, and the refusal is told', async () => {
    const done: string[] = []
    const refusal = new Error('no disk space')
    await expect(renameLab('old', steps(done, refusal), () => done.push('told'))).rejects.toBe(refusal)
    expect(done).toEqual(['down', 'up old'])
  })
})
