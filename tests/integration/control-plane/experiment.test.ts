/** One experiment on a real lab: what `node-lab experiment run` does, shows and leaves behind. All of them: tests/full/experiments.test.ts. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answersOf, ExperimentLab, surprises } from '../../support/experiment-lab.ts'

/** A node that was off is ready some seconds after its pods. */
const AS_BEFORE = { timeout: 120_000, interval: 1000 }

const lab = new ExperimentLab('experiment')

beforeAll(() => lab.up('--nodes', '1'))

afterAll(() => lab.dispose())

describe('given a lab of one worker and a control plane', () => {
  it('when both agents are deleted through the API, then only the DaemonSet has lost a container, and the lab is as before', async () => {
    const before = await lab.traces()

    const result = await lab.experiment('delete-pod', '--guess', 'only-the-daemon-set-pod-ends')

    expect(surprises(result)).toEqual([])
    expect(result.hypothesis).toEqual({ name: 'only-the-daemon-set-pod-ends', held: true })
    const [ofStatic, ofDaemonSet] = [answersOf(result, 'static'), answersOf(result, 'daemonSet')]
    expect(ofStatic['deletable']).toMatchObject({
      answer: false,
      evidence: expect.arrayContaining([expect.anything()]),
    })
    expect(ofDaemonSet['deletable']).toMatchObject({ answer: true })
    const deletions = [ofStatic, ofDaemonSet].map((answers) =>
      answers['deletable']?.evidence.find(({ kind }) => kind === 'action'),
    )
    expect(deletions).toMatchObject([{ ok: true }, { ok: true }])

    await expect.poll(() => lab.traces(), AS_BEFORE).toEqual(before)
    const row = (await lab.table()).find((one) => one.row.name === 'deletable')
    expect(row?.cells.map(({ answers }) => answers.map(({ answer, result: id }) => [answer, id]))).toEqual([
      [[false, result.id]],
      [[true, result.id]],
      [],
    ])
    expect(await lab.ok('experiment', 'show', result.id)).toContain('Did a container end?')
  })
})
