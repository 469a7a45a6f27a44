import { expect, it } from 'vitest'
import type { LabStatus } from '../../../common/lab/lab-status.ts'
import { FakeExperiments } from '../../testing/fake-experiments.ts'
import { runWords } from '../testing/run-words.ts'

it('given a run that was killed, when the lab is started, then what it changed is put back, and the lab read anew', async () => {
  const lab: LabStatus = { name: 'default', state: 'running', folder: '/l', subnet: '', nodes: [] }
  const experiments = new FakeExperiments()
  experiments.left = { experiment: 'taint', message: '2 changes are left' }
  const manager = { up: () => Promise.resolve({ ...lab, folder: '/old' }), labStatus: () => Promise.resolve(lab) }
  const { printed } = await runWords(['up', '--json'], manager, experiments)
  expect(printed.slice(0, 2)).toEqual([
    'note: An experiment (taint) was cut short: putting back what it changed',
    'note: The lab is as it was before.',
  ])
  expect(JSON.parse(printed.slice(2).join('\n'))).toEqual(lab)
})
