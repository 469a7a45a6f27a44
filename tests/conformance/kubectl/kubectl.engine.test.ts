/** Types all commands of the cases into a lab with a control plane and two nodes; they build on each other, so one failure may bring others. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ControlPlaneLab } from '../../support/control-plane-lab.ts'
import { judgeOutcome } from './judge-outcome.ts'
import type { KubectlCase } from './kubectl-case.ts'
import { KUBECTL_CASES } from './kubectl-cases.ts'
import { KubectlShell } from './kubectl-shell.ts'
import { LAB_FILES, STATIC_POD } from './lab-files.ts'

const lab = new ControlPlaneLab('kubectl')
let shell: KubectlShell

beforeAll(async () => {
  await lab.up('--nodes', '2')
  await lab.drop('web.yaml', STATIC_POD)
  await lab.waitForApiRunning('web-node01')
  shell = new KubectlShell({ kubeconfig: lab.kubeconfig, files: LAB_FILES })
})

afterAll(async () => {
  shell.dispose()
  await lab.dispose()
})

async function runCase(one: KubectlCase): Promise<void> {
  const { command, prepare, stdin, interrupted, expected } = one
  if (prepare !== undefined) {
    const prepared = await shell.run(prepare)
    expect(prepared, prepare).toMatchObject({ exitCode: 0 })
  }
  const outcome = await shell.run(command, {
    ...(stdin === undefined ? {} : { stdin }),
    ...(interrupted === undefined ? {} : { interrupted }),
    log: 'recording' in expected || interrupted !== undefined,
  })
  const judgement = judgeOutcome(one, outcome)
  expect(judgement.observed, outcome.stderr).toEqual(judgement.expected)
}

for (const { title, cases } of KUBECTL_CASES)
  describe(title, () => {
    for (const [index, one] of cases.entries())
      it(`${index + 1}: ${one.given === undefined ? '' : `given ${one.given}, `}when somebody types ${one.command}, then it answers as expected`, () =>
        runCase(one))
  })
