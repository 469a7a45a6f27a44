/** Types all commands of the cases into a lab with a control plane and two nodes; they build on each other, so one failure may bring others. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ControlPlaneLab } from '../../support/control-plane-lab.ts'
import { judgeOutcome } from './judge-outcome.ts'
import type { Interruption, KubectlCase } from './kubectl-case.ts'
import { KUBECTL_CASES } from './kubectl-cases.ts'
import { KubectlShell } from './kubectl-shell.ts'
import { MadeNames } from './made-names.ts'
import { LAB_FILES, STATIC_POD } from './lab-files.ts'

const lab = new ControlPlaneLab('kubectl')
let shell: KubectlShell
let names: MadeNames

beforeAll(async () => {
  await lab.up('--nodes', '2')
  await lab.drop('web.yaml', STATIC_POD)
  await lab.waitForApiRunning('web-node01')
  shell = new KubectlShell({ kubeconfig: lab.kubeconfig, files: LAB_FILES })
  names = new MadeNames(lab, 'apins')
})

afterAll(async () => {
  shell.dispose()
  await names.dispose()
  await lab.dispose()
})

async function runCase(one: KubectlCase): Promise<void> {
  const { command, prepare, stdin, interrupted, expected } = one
  if (prepare !== undefined) {
    const prepared = await shell.run(names.real(prepare))
    expect(prepared, prepare).toMatchObject({ exitCode: 0 })
  }
  const typed = await shell.run(names.real(command), {
    ...(stdin === undefined ? {} : { stdin }),
    ...(interrupted === undefined ? {} : { interrupted: real(interrupted) }),
    log: 'recording' in expected || interrupted !== undefined,
  })
  const outcome = names.recorded(typed)
  const judgement = judgeOutcome(one, outcome)
  expect(judgement.observed, outcome.stderr).toEqual(judgement.expected)
}

function real({ after, meanwhile, until }: Interruption): Interruption {
  return {
    ...(after === undefined ? {} : { after: names.real(after) }),
    ...(meanwhile === undefined ? {} : { meanwhile: names.real(meanwhile) }),
    until: names.real(until),
  }
}

for (const { title, cases } of KUBECTL_CASES)
  describe(title, () => {
    for (const [index, one] of cases.entries())
      it(`${index + 1}: ${one.given === undefined ? '' : `given ${one.given}, `}when somebody types ${one.command}, then it answers as expected`, () =>
        runCase(one))
  })
