/** `pods/eviction`: a deletion that disruption budgets may refuse (pkg/registry/core/pod/storage/eviction.go; facts 8.5.10). */
import type { UnknownObject } from '../../../common/api/api-object.ts'
import { conditionOf, withCondition } from '../../../common/api/condition.ts'
import type { Pod } from '../../../common/api/core.ts'
import { array, BOOLEAN, INT64, object, pointer, STRING } from '../../../common/api/field-schema.ts'
import { kindSchema } from '../../../common/api/kind-schema.ts'
import { badRequest, notFound } from '../../../kube/status-error.ts'
import { formatTime } from '../../../common/api/time.ts'
import type { Subresource, SubresourceRequest } from '../../endpoints/subresource.ts'
import { requirePreconditions } from '../../registry/compute-deletion.ts'
import type { DeleteRequest, Registry, ResourceStorage } from '../../registry/resource-storage.ts'
import { successStatus } from '../success-status.ts'
import { spendBudget } from './disruption-budget.ts'
import { getPod } from './pod-target.ts'

/** Why a pod goes, for whoever wants to know whether its end was planned. */
const EVICTED = {
  type: 'DisruptionTarget',
  status: 'True',
  reason: 'EvictionByEvictionAPI',
  message: 'Eviction API: evicting',
} as const

const DELETE_OPTIONS = object('DeleteOptions', {
  kind: STRING,
  apiVersion: STRING,
  gracePeriodSeconds: pointer(INT64),
  preconditions: object('Preconditions', { uid: pointer(STRING), resourceVersion: pointer(STRING) }),
  orphanDependents: pointer(BOOLEAN),
  propagationPolicy: pointer(STRING),
  dryRun: array(STRING),
})

interface Eviction extends UnknownObject {
  deleteOptions?: DeleteRequestBody
}

interface DeleteRequestBody {
  gracePeriodSeconds?: number
  preconditions?: { uid?: string; resourceVersion?: string }
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  dryRun?: string[]
}

export function podEviction(registry: Registry, now: () => number): Subresource {
  return {
    group: '',
    resource: 'pods',
    name: 'eviction',
    verbs: { POST: 'create' },
    kind: { group: 'policy', version: 'v1', kind: 'Eviction' },
    schema: kindSchema('Eviction', { deleteOptions: DELETE_OPTIONS }),
    async serve(request) {
      await evict(registry, request, (await request.body()) as Eviction, now())
      return { type: 'object', code: 201, object: successStatus(201) }
    },
  }
}

async function evict(
  registry: Registry,
  request: SubresourceRequest,
  eviction: Eviction,
  nowMs: number,
): Promise<void> {
  const { parent, context, namespace, name } = request
  const named = eviction.metadata.name ?? name
  if (named !== name) throw badRequest('name in URL does not match name in Eviction object')
  const options = computeDeletion(eviction, request.dryRun)
  const pod = await getPod(request)
  if (!isBeyondBudgets(pod)) await spendBudget(registry, pod, options.dryRun === true, nowMs)
  const mark = (current: UnknownObject | undefined): UnknownObject =>
    computeTarget(parent, pod, current, options, nowMs)
  const write = { subresource: 'status', dryRun: options.dryRun === true }
  const { object } = await parent.update(context, namespace, name, mark, write)
  await parent.delete(context, namespace, name, meaning(options, object))
}

/** Who means a state of the pod means the one that is marked, too. */
function meaning(options: DeleteRequest, { metadata }: UnknownObject): DeleteRequest {
  const { resourceVersion = '' } = metadata
  if (options.preconditions?.resourceVersion === undefined) return options
  return { ...options, preconditions: { ...options.preconditions, resourceVersion } }
}

/** The pod says why it goes. Throws `StatusError` 409 when it is not the one that is meant. */
function computeTarget(
  { definition }: ResourceStorage,
  pod: Pod,
  current: UnknownObject | undefined,
  { preconditions = {} }: DeleteRequest,
  nowMs: number,
): UnknownObject {
  const { name = '', uid = '' } = pod.metadata
  if (current === undefined) throw notFound(definition, name)
  requirePreconditions(definition, current, { preconditions: { uid, ...preconditions } })
  const { status = {} } = current as unknown as Pod
  const before = conditionOf(status.conditions, 'DisruptionTarget')
  if (before?.status === 'True' && before.reason === EVICTED.reason) return current
  const lastTransitionTime =
    before?.status === 'True' ? (before.lastTransitionTime ?? formatTime(nowMs)) : formatTime(nowMs)
  return {
    ...current,
    status: { ...status, conditions: withCondition(status.conditions, { ...EVICTED, lastTransitionTime }) },
  }
}

function computeDeletion({ deleteOptions = {} }: Eviction, dryRun: boolean): DeleteRequest {
  const { gracePeriodSeconds, preconditions, propagationPolicy, dryRun: asked = [] } = deleteOptions
  return {
    dryRun: dryRun || asked.length > 0,
    ...(gracePeriodSeconds === undefined ? {} : { gracePeriodSeconds }),
    ...(preconditions === undefined ? {} : { preconditions }),
    ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
  }
}

/** A pod that does not run, or ends already, disrupts nobody. */
function isBeyondBudgets({ metadata, status }: Pod): boolean {
  return metadata.deletionTimestamp !== undefined || ['Succeeded', 'Failed', 'Pending'].includes(status?.phase ?? '')
}
