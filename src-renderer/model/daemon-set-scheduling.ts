/** Who gives pods of DaemonSets their nodes in a lab, as the kube-controller-manager that runs was told. Pure. */
import { readScheduleDaemonSetPods } from '@common/lab/daemon-set-scheduling.ts'
import type { NodeView } from '@common/lab/lab-status.ts'

const COMPONENT = 'kube-controller-manager'

/** `nobody`: no kube-controller-manager runs there. */
export type DaemonSetScheduling = 'scheduler' | 'controller' | 'nobody'

/** `view`: of the node that the control plane runs on. */
export function readScheduling(view: NodeView | undefined): DaemonSetScheduling {
  const pod = view?.pods.find(({ metadata }) => metadata.name === `${COMPONENT}-${view.node}`)
  const [container] = pod?.spec.containers ?? []
  if (container === undefined) return 'nobody'
  const isOn = readScheduleDaemonSetPods([...(container.command ?? []), ...(container.args ?? [])])
  return isOn ? 'scheduler' : 'controller'
}
