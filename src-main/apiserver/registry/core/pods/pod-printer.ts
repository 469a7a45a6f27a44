/** What `kubectl get pods` prints (facts 8.3.2). */
import type { ServedPod } from '../../../../common/api/core.ts'
import { findCondition } from '../../../../common/api/pod-helpers.ts'
import { summarizePod } from '../../../../common/lab/pod-summary.ts'
import { column, NAME, NONE, orNone } from '../../columns.ts'
import type { TablePrinter } from '../../resource-definition.ts'

const { cell: _cell, ...NAME_COLUMN } = NAME

export const POD_PRINTER: TablePrinter<ServedPod> = {
  columns: [
    NAME_COLUMN,
    column('Ready', 'string', 'Ready containers of all containers, sidecars included.'),
    column('Status', 'string', 'What the containers do, in a word.'),
    column('Restarts', 'string', 'Restarts of all containers, and when the last one was.'),
    column('Age', 'string', 'Time since the object was created.'),
    column('IP', 'string', 'The first address of the pod.', 1),
    column('Node', 'string', 'The node that the pod is bound to.', 1),
    column('Nominated Node', 'string', 'The node where the scheduler makes room for it.', 1),
    column('Readiness Gates', 'string', 'Readiness gates that are open, of all.', 1),
  ],
  cells(pod, now) {
    const { name, ready, status, restarts, age } = summarizePod(pod, now)
    const ip = pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP
    const { nodeName } = pod.spec
    const nominated = pod.status?.nominatedNodeName
    return [name, ready, status, restarts, age, orNone(ip), orNone(nodeName), orNone(nominated), formatGates(pod)]
  },
  conditions({ status }) {
    switch (status?.phase) {
      case 'Succeeded':
        return [completed('Succeeded', 'The pod has completed successfully.')]
      case 'Failed':
        return [completed('Failed', 'The pod failed.')]
      default:
        return []
    }
  },
}

function completed(reason: string, message: string): { type: string; status: string; reason: string; message: string } {
  return { type: 'Completed', status: 'True', reason, message }
}

function formatGates(pod: ServedPod): string {
  const gates = pod.spec.readinessGates ?? []
  if (gates.length === 0) return NONE
  const open = gates.filter(({ conditionType }) => findCondition(pod, conditionType)?.status === 'True')
  return `${open.length}/${gates.length}`
}
