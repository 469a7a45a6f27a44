/** Both meanings of "ignored by the kube-scheduler", on a real lab whose scheduler is taken away. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findPinnedNode } from '../../src-main/common/scheduling/pinned-node.ts'
import { ControlPlaneLab } from '../support/control-plane-lab.ts'
import { AGENTS, deleteAgents, listAgents, readSample, waitForAgents } from '../support/sample-agents.ts'
import { waitUntil } from '../support/wait-until.ts'

const NODES = ['node01', 'node02']

const lab = new ControlPlaneLab('scheduling')

beforeAll(async () => {
  await lab.up('--nodes', '2')
  for (const name of AGENTS)
    await lab.kubectlOk(['apply', '-f', '-'], { input: await readSample(lab, `${name}-daemonset`) })
  await waitForAgents(lab, NODES)
})

afterAll(() => lab.dispose())

it('given no scheduler, when their pods are deleted, then those of before 1.12 run and those of today wait for it', async () => {
  const putBack = await lab.takeManifest('kube-scheduler.yaml')
  await lab.waitForGone('kube-scheduler-controlplane')
  await setScheduling(false)
  await deleteAgents(lab)
  const bound = await waitForAgents(lab, NODES)
  expect(bound.every(({ spec }) => spec.affinity === undefined)).toBe(true)

  await setScheduling(true)
  await deleteAgents(lab)
  await waitUntil({ what: 'pods that wait', timeoutSeconds: 60, intervalMs: 500 }, async () => {
    const pods = await listAgents(lab)
    const isWaiting = pods.every(({ spec, status }) => spec.nodeName === undefined && status?.phase === 'Pending')
    if (pods.length !== AGENTS.length * NODES.length || !isWaiting) throw new Error(JSON.stringify(pods))
    return true
  })
  await putBack()
  const scheduled = await waitForAgents(lab, NODES)
  expect(scheduled.map(findPinnedNode)).toEqual(scheduled.map(({ spec }) => spec.nodeName))
})

/** By the switch of the lab; waits until a controller manager runs that was told. */
async function setScheduling(isOn: boolean): Promise<void> {
  await lab.ok('control-plane', 'set', `--schedule-daemonset-pods=${isOn}`)
  await waitUntil({ what: `ScheduleDaemonSetPods=${isOn}`, timeoutSeconds: 60, intervalMs: 500 }, async () => {
    const shown = await lab.ok('control-plane', 'show')
    if (!shown.startsWith(`ScheduleDaemonSetPods=${isOn}`)) throw new Error(shown)
    return true
  })
  await lab.waitForRunning('kube-controller-manager-controlplane')
}
