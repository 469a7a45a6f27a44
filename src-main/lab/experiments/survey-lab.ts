/** What an experiment has to know of a lab before it begins. */
import type { SideName } from '../../common/experiments/experiment.ts'
import { LabError } from '../../common/lab-error.ts'
import type { NodeStatus } from '../../common/lab/lab-status.ts'
import { DAEMON_SETS, DEPLOYMENTS } from '../../kube/resources.ts'
import { withClusterClient } from '../cluster/with-cluster-client.ts'
import { AGENT_NAMES } from '../../common/experiments/agent-names.ts'
import { computeUsedFor } from './compute-side-look.ts'
import type { ExperimentContext } from './experiment-context.ts'

/** Names of the workers. @throws NotFound; Conflict without a control plane, or while a worker does not run */
export async function requireWorkers(
  { labManager }: ExperimentContext,
  lab: string,
  fewest: number,
): Promise<string[]> {
  const { apiServer, nodes } = await labManager.labStatus(lab)
  if (apiServer === undefined)
    throw new LabError({
      kind: 'Conflict',
      message: `the lab "${lab}" has no control plane, and without one there are no DaemonSets`,
      remedy: `Add one with: node-lab up --control-plane --lab ${lab}`,
    })
  const idle = nodes.filter((node) => !isUp(node))
  if (idle.length > 0)
    throw new LabError({
      kind: 'Conflict',
      message: `not all of the lab runs: ${idle.map(({ name }) => name).join(', ')}`,
      remedy: `Start it with: node-lab up --lab ${lab}`,
    })
  const workers = nodes.filter(({ role }) => role === 'worker').map(({ name }) => name)
  if (workers.length >= fewest) return workers.toSorted()
  throw new LabError({
    kind: 'Conflict',
    message: `this needs ${fewest} workers, and the lab "${lab}" has ${workers.length}`,
    remedy: `Add one with: node-lab node add --lab ${lab}`,
  })
}

function isUp({ state, kubelet }: NodeStatus): boolean {
  return state === 'running' && kubelet === 'running'
}

/** The worker with the fewest other pods, of several the last: there others are disturbed least. */
export async function chooseTarget(
  { labManager }: ExperimentContext,
  lab: string,
  workers: readonly string[],
): Promise<string> {
  const counts = await Promise.all(
    workers.map(async (node) => {
      const pods = await labManager.apiPodsOf({ lab, node })
      return { node, count: pods.filter(({ metadata }) => metadata.namespace !== AGENT_NAMES.namespace).length }
    }),
  )
  const [target] = counts.toReversed().toSorted((one, other) => one.count - other.count)
  if (target === undefined) throw new LabError({ kind: 'Conflict', message: `the lab "${lab}" has no workers` })
  return target.node
}

/** Names of what each way of making pods is used for in this lab besides. */
export async function readUsedFor(context: ExperimentContext, lab: string): Promise<Record<SideName, string[]>> {
  const pods = (await context.labManager.views(lab)).flatMap((view) => view.pods)
  return withClusterClient(context, lab, async (client) => {
    const [daemonSets, deployments] = await Promise.all([client.list(DAEMON_SETS), client.list(DEPLOYMENTS)])
    const others = { pods, daemonSets: daemonSets.items, deployments: deployments.items }
    return {
      static: computeUsedFor('static', others),
      daemonSet: computeUsedFor('daemonSet', others),
      deployment: computeUsedFor('deployment', others),
    }
  })
}
