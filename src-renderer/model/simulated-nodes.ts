/** Simulated nodes as tiles: how each is, and all of them in figures. Pure. */
import type { ClusterNode } from '@common/lab/cluster-view.ts'
import { countPods, type PodTally } from '@common/lab/pod-tally.ts'
import type { StateTone } from './pod-health.ts'

export interface SimulatedSummary {
  ready: number
  notReady: number
  pods: PodTally
}

const NONE: PodTally = { ready: 0, waiting: 0, failed: 0, succeeded: 0 }

/** What is worst about a node comes first: the node itself, failed pods, pods that wait. One without pods is quiet. */
export function toneOfTile({ ready, simulated = NONE }: ClusterNode): StateTone {
  if (ready !== 'True') return 'failed'
  if (simulated.failed > 0) return 'back-off'
  if (simulated.waiting > 0) return 'waiting'
  return countPods(simulated) === 0 ? 'ended' : 'running'
}

export function summarizeSimulated(nodes: readonly ClusterNode[]): SimulatedSummary {
  const pods = { ...NONE }
  for (const { simulated = NONE } of nodes)
    for (const state of ['ready', 'waiting', 'failed', 'succeeded'] as const) pods[state] += simulated[state]
  const ready = nodes.filter((node) => node.ready === 'True').length
  return { ready, notReady: nodes.length - ready, pods }
}

/** STATUS of `kubectl get nodes`. */
export function nodeStatusWords({ ready, unschedulable }: ClusterNode): string {
  return `${ready === 'True' ? 'Ready' : 'NotReady'}${unschedulable ? ',SchedulingDisabled' : ''}`
}
