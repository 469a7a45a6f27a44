/** What puts one change of an experiment back. Plain data: it outlives the process that made the change. */
import type { ExperimentComponent } from '../../common/experiments/experiment.ts'
import type { Agents } from './read-agents.ts'

/** Each may be carried out again, and does nothing where there is nothing to put back. */
export type Undo =
  | { undo: 'agents'; before: Agents }
  | { undo: 'start-component'; component: ExperimentComponent }
  /**
   * The node of that addition, and no other one of its name: the lab's file tells (`NodeSpec.addedBy`). Journals of earlier versions
   * do not name the addition: then the node stays if it is there.
   */
  | { undo: 'remove-node'; node: string; addedBy?: string }
  | { undo: 'start-kubelet'; node: string }
  | { undo: 'power-on'; node: string }
  | { undo: 'untaint'; node: string }
  | { undo: 'uncordon'; node: string }
