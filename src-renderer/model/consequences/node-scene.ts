/** What rules about a node look at: its object in the API server, and the containers that ran on it before. */
import type { Pod } from '@common/api/core.ts'
import type { ClusterNode } from '@common/lab/cluster-view.ts'
import type { ExplainedAction } from './explained-action.ts'
import type { Evidence, HappeningRule, HoldingRule, Rule, Scene } from './expectation.ts'
import { bareId, statusOf, viewOf, type Baseline, type ContainerTrace } from './live-state.ts'

export function happens(id: Rule['id'], limitMs: number, find: (scene: Scene) => Evidence | undefined): HappeningRule {
  return {
    id,
    form: 'happens',
    limitMs,
    find: (scene) => {
      const evidence = find(scene)
      return evidence === undefined ? undefined : { evidence }
    },
  }
}

/** The same containers as before still run, by the engine's word or else the kubelet's. */
export function holdsForContainers(id: Rule['id']): HoldingRule {
  return {
    id,
    form: 'holds',
    judge: (scene) => {
      const own = runningOn(scene.action, scene.baseline)
      const alive = idsThatRun(scene)
      if (alive === undefined) return undefined
      const count = own.filter((trace) => alive.has(trace.id)).length
      return { isSo: count === own.length, evidence: { count, of: own.length } }
    },
  }
}

function idsThatRun({ action, live }: Scene): ReadonlySet<string> | undefined {
  if (live.containers !== undefined)
    return new Set(live.containers.filter(({ isRunning }) => isRunning).map(({ id }) => id))
  return statusOf(action, live)?.kubelet === 'running' ? idsOfPods(viewOf(action, live)?.pods ?? []) : undefined
}

function idsOfPods(pods: readonly Pod[]): ReadonlySet<string> | undefined {
  const statuses = pods.flatMap(({ status }) => [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
  ])
  return statuses.length === 0 ? undefined : new Set(statuses.map(({ containerID = '' }) => bareId(containerID)))
}

export function runningOn({ node }: ExplainedAction, { running }: Baseline): ContainerTrace[] {
  return running.filter((trace) => trace.node === node)
}

export function nodeInCluster({ action, live }: Scene): ClusterNode | undefined {
  if (live.cluster?.state !== 'ready') return undefined
  return live.cluster.nodes.find(({ name }) => name === action.node)
}
