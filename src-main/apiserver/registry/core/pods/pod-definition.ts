/** `core/v1` pods. */
import type { ServedPod } from '../../../../common/api/core.ts'
import { SERVED_POD_SCHEMA } from '../../../../common/api/pod-status-schema.ts'
import { defineKind } from '../../define-kind.ts'
import { POD_PRINTER } from './pod-printer.ts'
import { POD_STATUS_STRATEGY, POD_STRATEGY } from './pod-strategy.ts'

export const PODS = defineKind<ServedPod>({
  group: '',
  kind: 'Pod',
  resource: 'pods',
  shortNames: ['po'],
  categories: ['all'],
  namespaced: true,
  schema: SERVED_POD_SCHEMA,
  strategy: POD_STRATEGY,
  statusStrategy: POD_STATUS_STRATEGY,
  printer: POD_PRINTER,
  selectableFields: {
    'spec.nodeName': nodeName,
    // The name of `spec.nodeName` in the API's first drafts.
    'spec.host': nodeName,
    'spec.restartPolicy': ({ spec }) => spec.restartPolicy ?? '',
    'spec.schedulerName': ({ spec }) => spec.schedulerName ?? '',
    'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? '',
    'spec.hostNetwork': ({ spec }) => String(spec.hostNetwork === true),
    'status.phase': ({ status }) => status?.phase ?? '',
    'status.podIP': ({ status }) => status?.podIP ?? '',
    // Upstream accepts the label and never has a value for it.
    'status.podIPs': () => '',
    'status.nominatedNodeName': ({ status }) => status?.nominatedNodeName ?? '',
  },
})

function nodeName({ spec }: ServedPod): string {
  return spec.nodeName ?? ''
}
