/** Whether an experiment is about one node more than about the others. Pure. */
import type { Experiment, ExperimentAction } from '@common/experiments/experiment.ts'

const TARGET_ACTS: ReadonlySet<ExperimentAction['act']> = new Set([
  ...(['delete-pod', 'crash-container', 'add-node', 'stop-kubelet', 'start-kubelet', 'power-off', 'power-on'] as const),
  ...(['taint', 'untaint', 'cordon', 'uncordon', 'drain'] as const),
])

/** Whether something is done to the target node or to what is on it; else the node is of no interest to who watches. */
export function usesTarget({ steps }: Experiment): boolean {
  return steps.some((step) => 'act' in step && TARGET_ACTS.has(step.act))
}
