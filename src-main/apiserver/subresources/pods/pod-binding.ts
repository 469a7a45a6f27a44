/** `pods/binding`: the scheduler's decision (pkg/registry/core/pod/storage; facts 8.5.10). */
import { formatTime } from '../../registry/prepare-object.ts'
import type { UnknownObject } from '../../../common/api/api-object.ts'
import { required } from '../../../common/api/field-schema.ts'
import { kindSchema } from '../../../common/api/kind-schema.ts'
import type { Pod } from '../../../common/api/core.ts'
import { OBJECT_REFERENCE } from '../../../common/api/service-account.ts'
import { required as requiredField, unsupported, type FieldError } from '../../../common/validation/field-error.ts'
import { conflict, invalid as invalidObject } from '../../../kube/status-error.ts'
import type { Subresource, SubresourceRequest } from '../../endpoints/subresource.ts'
import { successStatus } from '../success-status.ts'

const BINDING = { group: '', version: 'v1', kind: 'Binding' }
const PODS = { group: '', resource: 'pods' }

interface Binding extends UnknownObject {
  target?: { kind?: string; name?: string }
}

export function podBinding(now: () => number): Subresource {
  return {
    group: '',
    resource: 'pods',
    name: 'binding',
    verbs: { POST: 'create' },
    kind: BINDING,
    schema: kindSchema('Binding', { target: required(OBJECT_REFERENCE) }),
    async serve(request) {
      await bind(request, (await request.body()) as Binding, now())
      return { type: 'object', code: 201, object: successStatus(201) }
    },
  }
}

async function bind(request: SubresourceRequest, binding: Binding, nowMs: number): Promise<void> {
  const { parent, context, namespace, name, dryRun } = request
  const faults = findFaults(binding)
  if (faults.length > 0) throw invalidObject(BINDING, name, faults)
  const node = binding.target?.name ?? ''
  const assign = (current: UnknownObject | undefined): UnknownObject => {
    // Whoever is gone has been told so by the storage.
    if (current === undefined) throw new Error('a binding creates no pod')
    return computeBound(current, binding, node, nowMs)
  }
  await parent.update(context, namespace, name, assign, { subresource: 'binding', dryRun })
}

function findFaults({ target = {} }: Binding): FieldError[] {
  const faults: FieldError[] = []
  const kind = target.kind ?? ''
  if (kind !== '' && kind !== 'Node') faults.push(unsupported('target.kind', kind, ['Node', '<empty>']))
  if ((target.name ?? '') === '') faults.push(requiredField('target.name', ''))
  return faults
}

function computeBound(current: UnknownObject, binding: Binding, node: string, nowMs: number): UnknownObject {
  const pod = current as unknown as Pod
  const { name = '', uid, deletionTimestamp } = pod.metadata
  const expected = binding.metadata.uid ?? ''
  if (expected !== '' && expected !== uid)
    throw conflict(PODS, name, `the UID in the binding (${expected}) does not match the pod's (${uid ?? ''})`)
  if (deletionTimestamp !== undefined)
    throw conflict(PODS, name, `pod ${name} is being deleted, cannot be assigned to a host`)
  const { nodeName = '' } = pod.spec
  if (nodeName !== '') throw conflict(PODS, name, `pod ${name} is already assigned to node ${JSON.stringify(nodeName)}`)
  if ((pod.spec.schedulingGates ?? []).length > 0)
    throw conflict(PODS, name, `pod ${name} has non-empty .spec.schedulingGates`)
  pod.spec.nodeName = node
  pod.metadata.annotations = { ...pod.metadata.annotations, ...binding.metadata.annotations }
  if (Object.keys(pod.metadata.annotations).length === 0) delete pod.metadata.annotations
  const scheduled = {
    type: 'PodScheduled' as const,
    status: 'True' as const,
    lastProbeTime: null,
    lastTransitionTime: formatTime(nowMs),
  }
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'PodScheduled')
  pod.status = { ...pod.status, conditions: [...others, scheduled] } as NonNullable<Pod['status']>
  return current
}
