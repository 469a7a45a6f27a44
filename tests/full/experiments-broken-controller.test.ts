/** A controller that does not do its work: experiments say so, and what the table knew before stays as it was. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answersOf, ExperimentLab, surprises } from '../support/experiment-lab.ts'
import { waitUntil } from '../support/wait-until.ts'

const MANIFEST = 'kube-controller-manager.yaml'
const CONTROLLERS = /--controllers=\S+/
const EXIT_AGAINST = 4

const lab = new ExperimentLab('broken')

beforeAll(() => lab.up('--nodes', '1'))

afterAll(() => lab.dispose())

describe('given agents that run, and a table that knows what a deletion does', () => {
  it('when the DaemonSet controller is switched off and the pods are deleted again, then the answer is against the expectation, and the cell keeps its own', async () => {
    await lab.ok('experiment', 'set-up')
    const good = await lab.experiment('delete-pod')
    expect(surprises(good)).toEqual([])
    const manifest = join(await lab.manifestsFolder('controlplane'), MANIFEST)
    const whole = readFileSync(manifest, 'utf8')
    expect(whole).toMatch(CONTROLLERS)
    writeFileSync(manifest, whole.replace(CONTROLLERS, '--controllers=*,-daemonset-controller'))
    await waitForFlag('--controllers=*,-daemonset-controller')

    const { exitCode, stdout } = await lab.cli('experiment', 'run', 'delete-pod')
    expect({ exitCode, stdout }).toMatchObject({ exitCode: EXIT_AGAINST })
    expect(stdout).toMatch(/AGAINST THE EXPECTATION: yes/)
    const [bad] = await lab.json<(typeof good)[]>('experiment', 'results', '--json')
    expect(bad && answersOf(bad, 'daemonSet')['comes-back']).toMatchObject({
      answer: false,
      expected: true,
      verdict: 'against',
    })
    expect(bad && answersOf(bad, 'static')['comes-back']).toMatchObject({ answer: true, verdict: 'as-expected' })

    const cell = (await lab.table())
      .find(({ row }) => row.name === 'comes-back')
      ?.cells.find(({ side }) => side === 'daemonSet')
    expect(cell?.answers).toMatchObject([{ answer: true, result: good.id }])
    expect(cell?.against).toMatchObject([{ answer: false, result: bad?.id }])

    writeFileSync(manifest, whole)
    await waitForFlag(CONTROLLERS.exec(whole)?.[0] ?? '')
    const mended = await lab.experiment('delete-pod')
    expect(surprises(mended)).toEqual([])
    const after = (await lab.table())
      .find(({ row }) => row.name === 'comes-back')
      ?.cells.find(({ side }) => side === 'daemonSet')
    expect(after).toMatchObject({ answers: [{ answer: true, result: mended.id }], against: [] })
  })
})

/** Until a controller manager with this flag runs. */
async function waitForFlag(flag: string): Promise<void> {
  await waitUntil({ what: `a controller manager with ${flag}`, timeoutSeconds: 120, intervalMs: 500 }, async () => {
    const { spec, status } = await lab.apiPod('kube-controller-manager-controlplane', 'kube-system')
    const flags = spec.containers[0]?.command ?? []
    if (!flags.includes(flag) || status?.containerStatuses?.[0]?.ready !== true) throw new Error(flags.join(' '))
    return true
  })
}
