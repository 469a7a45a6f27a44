/** Types the commands about Deployments into a cluster within this process, where pods start at once; they build on each other. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDeployments } from '../../../src-main/controller-manager/deployment/deployment-controller.ts'
import { startDisruption } from '../../../src-main/controller-manager/disruption/disruption-controller.ts'
import { startReplicaSets } from '../../../src-main/controller-manager/replicaset/replicaset-controller.ts'
import { newServedCluster, type ServedCluster } from '../../support/controllers/served-cluster.ts'
import { WORKLOAD_CASES } from './cases/workload-cases.ts'
import { judgeOutcome } from './judge-outcome.ts'
import { KubectlShell } from './kubectl-shell.ts'

let cluster: ServedCluster
let shell: KubectlShell

beforeAll(async () => {
  cluster = await newServedCluster([startReplicaSets, startDeployments, startDisruption], {
    nodes: ['node01', 'node02'],
    startMs: 200,
    stopMs: 200,
  })
  shell = new KubectlShell({ kubeconfig: cluster.kubeconfig, files: {} })
})

afterAll(async () => {
  shell.dispose()
  await cluster[Symbol.asyncDispose]()
})

describe('Deployments by kubectl', () => {
  for (const [index, one] of WORKLOAD_CASES.entries())
    it(
      `${index + 1}: when somebody types ${one.command}, then it answers as expected`,
      { timeout: 120_000 },
      async () => {
        const { command, prepare, stdin, interrupted } = one
        if (prepare !== undefined) await shell.run(prepare)
        const outcome = await shell.run(command, {
          ...(stdin === undefined ? {} : { stdin }),
          ...(interrupted === undefined ? {} : { interrupted }),
        })
        const judgement = judgeOutcome(one, outcome)
        expect(judgement.observed, outcome.stderr).toEqual(judgement.expected)
      },
    )
})
