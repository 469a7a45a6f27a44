/** Every experiment on one real lab, with the third side: what is observed is what Kubernetes is known to do. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readExperiments } from '../../src-main/lab/experiments/read-experiments.ts'
import { ExperimentLab, surprises } from '../support/experiment-lab.ts'

const { experiments, rows } = await readExperiments(join(import.meta.dirname, '../../resources/experiments'))

/** Of what is there no more, nothing can be shown. */
const GONE: ReadonlySet<string> = new Set(['all-gone', 'elsewhere'])

/** A node that was off is ready some seconds after its pods. */
const AS_BEFORE = { timeout: 120_000, interval: 1000 }

const lab = new ExperimentLab('experiments')

beforeAll(() => lab.up('--nodes', '2'))

afterAll(() => lab.dispose())

describe('given a lab of two workers and a control plane', () => {
  it.each(experiments.map(({ name }) => name))(
    'when %s is run on all three sides, then every answer is the expected one, and the lab is as before',
    async (name) => {
      const before = await lab.traces()
      const result = await lab.experiment(name, '--deployment')
      expect(surprises(result)).toEqual([])
      expect(result.sides.map(({ side }) => side)).toEqual(['static', 'daemonSet', 'deployment'])
      const withoutEvidence = result.sides.flatMap(({ observed }) =>
        observed.filter(({ evidence }) => evidence.length === 0),
      )
      expect(withoutEvidence.map(({ observation }) => observation).filter((one) => !GONE.has(one))).toEqual([])
      await expect.poll(() => lab.traces(), AS_BEFORE).toEqual(before)
    },
  )

  it('when all have run, then every row of the table has an answer for static pods and DaemonSets, and none is against', async () => {
    const table = await lab.table()
    expect(table.map(({ row }) => row.name)).toEqual(rows.map(({ name }) => name))
    for (const { row, cells } of table) {
      expect({ row: row.name, against: cells.flatMap(({ against }) => against) }).toEqual({
        row: row.name,
        against: [],
      })
      for (const { side, answers } of cells)
        if (side !== 'deployment')
          expect({ row: row.name, side, answers: answers.length }).not.toMatchObject({ answers: 0 })
    }
  })
})

describe('given agents that were put there to stay', () => {
  it('when their definitions are edited and rolled out, twice, then they are as they were, and every answer is the expected one', async () => {
    await lab.ok('experiment', 'set-up')
    const before = await lab.traces()
    for (const name of ['edit', 'roll-out-and-back', 'roll-out-and-back', 'remove-definition'])
      expect(surprises(await lab.experiment(name))).toEqual([])
    const after = await lab.traces()
    // Their pods and revisions have other names; the files and all else are the same.
    expect({ ...after, objects: withoutGenerated(after.objects) }).toEqual({
      ...before,
      objects: withoutGenerated(before.objects),
    })
    await lab.ok('experiment', 'remove')
  })
})

function withoutGenerated(objects: readonly string[]): string[] {
  return objects.filter((object) => !/^(Pod|ControllerRevision) compare\/agent-(?!static-)/.test(object))
}
