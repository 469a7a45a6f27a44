/** Stories of a lab on which an action is done: what is seen of its consequences at each moment. */
import type { Pod } from '@common/api/core.ts'
import { emptyClusterView, type ClusterNode, type ClusterView } from '@common/lab/cluster-view.ts'
import type { LabStatus, NodeStatus, NodeView } from '@common/lab/lab-status.ts'
import type { NodeContainer } from '@common/lab/node-container.ts'
import { computeConsequences } from '../model/compute-consequences.ts'
import type { ExplainedAction } from '../model/consequences/explained-action.ts'
import type { Expectation } from '../model/consequences/expectation.ts'
import { takeBaseline, type LiveState } from '../model/consequences/live-state.ts'
import { aPod, aVerdict, at, NOW } from './fixtures.ts'

/** A second of the story, with what is different in it. */
export interface Moment {
  second: number
  node?: Partial<NodeStatus>
  pods?: Pod[]
  cluster?: Partial<ClusterView>
  containers?: NodeContainer[]
  files?: NodeView['files']
}

export function liveAt({
  second,
  node = {},
  pods = [aPod()],
  cluster,
  containers,
  files = [aVerdict()],
}: Moment): LiveState {
  const status: NodeStatus = {
    ...{ name: 'node01', role: 'worker', address: '172.30.0.11', state: 'running', kubelet: 'running' },
    ...{ runtimeService: 'running', manifestsPath: '/m', watchesMountedFolder: true },
    ...node,
  } as const
  const lab: LabStatus = { name: 'default', state: 'running', folder: '/l', subnet: '172.30.0.0/24', nodes: [status] }
  return {
    nowMs: NOW + second * 1000,
    lab,
    views: [{ lab: 'default', node: 'node01', files, pods, observedAt: at(second) }],
    cluster: cluster && { ...emptyClusterView('default', at(second)), state: 'ready', ...cluster },
    containers,
    entries: [],
  }
}

/** Plays the moments one after the other; the first is before the action. */
export function play(action: ExplainedAction, [before, ...moments]: [Moment, ...Moment[]]): Expectation[] {
  const baseline = takeBaseline(action, liveAt(before))
  return moments.reduce<Expectation[]>(
    (known, moment) => computeConsequences({ action, baseline, live: liveAt(moment) }, known),
    [],
  )
}

export const statesOf = (expectations: Expectation[]): Record<string, string> =>
  Object.fromEntries(expectations.map(({ id, state }) => [id, state]))

export const engineSays = (isRunning: boolean, id = '1'): NodeContainer[] => [
  { namespace: 'default', pod: 'web-node01', container: 'nginx', id, isRunning },
]
export const clusterNode: ClusterNode = { name: 'node01', uid: 'n', ready: 'True', unschedulable: false, taints: [] }
