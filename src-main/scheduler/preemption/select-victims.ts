/** Which pods of a node would have to end for another to fit (defaultpreemption SelectVictimsOnNode). */
import type { PodDisruptionBudget } from '../../common/api/pod-disruption-budget.ts'
import type { FilterRun } from '../framework/filter-run.ts'
import type { CountedNode } from '../framework/node-info.ts'
import type { PluginName } from '../framework/plugin.ts'
import type { PodInfo } from '../framework/pod-info.ts'
import { computeViolating } from './budget-violations.ts'
import { compareImportance } from './victim-importance.ts'

export interface Candidate {
  node: string
  /** The most important one first; never empty. */
  victims: readonly PodInfo[]
  /** How many of them would violate a disruption budget. */
  violations: number
}

/** Why no pods of that node help. */
export interface Helpless {
  reasons: readonly string[]
  /** Which filter objected although they were all off. */
  rejectedBy?: PluginName
}

const NO_VICTIMS = 'No preemption victims found for incoming pod'

/**
 * Takes all less important pods off a copy of the node, and puts back as many as go, those first that a budget protects.
 * Mirrors of static pods are pods like others here, as upstream: their kubelet brings them back.
 */
export function selectVictims(
  run: FilterRun,
  node: CountedNode,
  budgetsOf: (namespace: string) => readonly PodDisruptionBudget[],
): Candidate | Helpless {
  const lesser = [...node.pods.values()]
    .filter(({ priority }) => priority < run.pod.priority)
    .toSorted(compareImportance)
  if (lesser.length === 0) return { reasons: [NO_VICTIMS] }
  const trial = node.copy()
  const off = new Set<PodInfo>()
  const takeOff = (pod: PodInfo): void => {
    run.assumePod(pod, trial, 'removed')
    off.add(pod)
  }
  const putBack = (pod: PodInfo): void => {
    run.assumePod(pod, trial, 'added')
    off.delete(pod)
  }
  try {
    for (const pod of lesser) takeOff(pod)
    const refusal = run.judge(trial)
    if (refusal !== undefined) return { reasons: refusal.reasons, rejectedBy: refusal.plugin }
    const violating = computeViolating(lesser, budgetsOf)
    for (const pod of [...violating, ...lesser.filter((each) => !violating.has(each))]) {
      putBack(pod)
      if (run.judge(trial) !== undefined) takeOff(pod)
    }
    const victims = [...off].toSorted(compareImportance)
    if (victims.length === 0)
      return { reasons: [`expected at least one victim pod on node ${JSON.stringify(node.name)}`] }
    return { node: node.name, victims, violations: victims.filter((pod) => violating.has(pod)).length }
  } finally {
    for (const pod of [...off]) putBack(pod)
  }
}
