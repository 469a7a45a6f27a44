/** The pods of a DaemonSet: how they are made, and where they belong (pkg/controller/daemon/util; facts 6.2.4, 6.3). Pure. */
import type { Affinity, Pod } from '../../common/api/core.ts'
import { TEMPLATE_GENERATION_ANNOTATION, type DaemonSet } from '../../common/api/daemon-set.ts'
import { newPodFromTemplate } from '../control/pod-control.ts'
import { hashOf, REVISION_HASH_LABEL } from '../history/revision.ts'
import { daemonTolerations } from './daemon-tolerations.ts'

const TEMPLATE_GENERATION_LABEL = 'pod-template-generation'
/** The one field of a node that an affinity can ask for. */
const NODE_NAME_FIELD = 'metadata.name'

/** Who gives a pod its node: the scheduler, as today, or the DaemonSet's controller, as up to Kubernetes 1.11. */
export type Binder = 'scheduler' | 'controller'

/** What is the same in the pods of all nodes. `hash`: of the current revision. */
export function newDaemonPod(set: DaemonSet, hash: string): Pod {
  const { metadata, spec } = set.spec.template
  const generation = templateGeneration(set)
  const labels = {
    ...metadata?.labels,
    ...(generation === undefined ? {} : { [TEMPLATE_GENERATION_LABEL]: generation }),
    [REVISION_HASH_LABEL]: hash,
  }
  return newPodFromTemplate(
    set,
    { metadata: { ...metadata, labels }, spec },
    {
      ...spec,
      tolerations: daemonTolerations(spec),
    },
  )
}

/** The pod for one node, which the pod of all nodes shares its parts with. */
export function daemonPodFor(pod: Pod, name: string, node: string, binder: Binder): Pod {
  const place = binder === 'controller' ? { nodeName: node } : { affinity: onlyOn(node, pod.spec.affinity) }
  return { ...pod, metadata: { ...pod.metadata, name }, spec: { ...pod.spec, ...place } }
}

/** What the template requires of nodes was looked at when this one was chosen; what it prefers stays (facts 6.3.3). */
function onlyOn(node: string, affinity: Affinity = {}): Affinity {
  const nodeSelectorTerms = [{ matchFields: [{ key: NODE_NAME_FIELD, operator: 'In' as const, values: [node] }] }]
  return {
    ...affinity,
    nodeAffinity: { ...affinity.nodeAffinity, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
  }
}

/** The node that a pod is on or was made for; `undefined` for one that could go anywhere. */
export function targetNodeOf({ spec }: Pod): string | undefined {
  if (isBound({ spec })) return spec.nodeName
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  for (const { matchFields = [] } of required?.nodeSelectorTerms ?? [])
    for (const { key, operator, values = [] } of matchFields)
      if (key === NODE_NAME_FIELD && operator === 'In' && values.length === 1) return values[0]
  return undefined
}

export function isBound({ spec }: Pick<Pod, 'spec'>): boolean {
  return (spec.nodeName ?? '') !== ''
}

/** Whether a pod is of the current revision (facts 6.5.1). */
export function isCurrent(pod: Pod, set: DaemonSet, hash: string): boolean {
  if (hashOf(pod) === hash) return true
  const generation = templateGeneration(set)
  return generation !== undefined && pod.metadata.labels?.[TEMPLATE_GENERATION_LABEL] === generation
}

function templateGeneration({ metadata }: DaemonSet): string | undefined {
  const text = metadata.annotations?.[TEMPLATE_GENERATION_ANNOTATION] ?? ''
  return /^-?\d+$/.test(text) ? text : undefined
}
