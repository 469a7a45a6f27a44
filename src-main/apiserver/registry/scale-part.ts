/** `/scale` of a workload: its number of pods as an object of its own kind (pkg/registry/apps/deployment/storage ScaleREST). */
import type { UnknownObject } from '../../common/api/api-object.ts'
import type { Deployment } from '../../common/api/deployment.ts'
import { formatLabelSelector } from '../../common/api/label-selector-object.ts'
import type { ObjectMeta } from '../../common/api/meta.ts'
import type { ReplicaSet } from '../../common/api/replica-set.ts'
import { SCALE, SCALE_SCHEMA, type Scale } from '../../common/api/scale.ts'
import { validateNotNegative } from '../../common/validation/validate-pod-template.ts'
import { invalid, notFound } from '../../kube/status-error.ts'
import { AGE, integer, NAME, printTable } from './columns.ts'
import { defineKind } from './define-kind.ts'
import type { ResourceDefinition } from './resource-definition.ts'
import type { ObjectPart, ResourceStorage } from './resource-storage.ts'

type Workload = Deployment | ReplicaSet

/** Only of a resource whose definition `isScalable`. */
export function scalePart(workloads: ResourceStorage): ObjectPart {
  const definition = scaleDefinition(workloads.definition)
  return {
    definition,
    async get(context, namespace, name, resourceVersion) {
      return scaleOf(await workloads.get(context, namespace, name, resourceVersion))
    },
    async update(context, namespace, name, compute, request = {}) {
      const rescale = async (current: UnknownObject | undefined): Promise<UnknownObject> => {
        if (current === undefined) throw notFound(workloads.definition, name)
        return computeScaled(current, (await compute(scaleOf(current))) as Scale)
      }
      const { object } = await workloads.update(context, namespace, name, rescale, {
        ...request,
        subresource: '',
        createIfMissing: false,
      })
      return { object: scaleOf(object), created: false }
    },
  }
}

function scaleDefinition({ resource, namespaced }: ResourceDefinition): ResourceDefinition {
  return defineKind<Scale>({
    ...SCALE,
    resource,
    namespaced,
    schema: SCALE_SCHEMA,
    printer: printTable<Scale>([
      NAME,
      integer('Desired', 'Pods that there should be.', ({ spec }) => spec?.replicas ?? 0),
      integer('Available', 'Pods that there are.', ({ status }) => status?.replicas ?? 0),
      AGE,
    ]),
  })
}

function scaleOf(object: UnknownObject): UnknownObject {
  const { metadata, spec, status } = object as unknown as Workload
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  return {
    apiVersion: 'autoscaling/v1',
    kind: SCALE.kind,
    metadata: withoutAbsent({ name, namespace, uid, resourceVersion, creationTimestamp }),
    spec: { ...((spec.replicas ?? 0) === 0 ? {} : { replicas: spec.replicas }) },
    status: { replicas: status?.replicas ?? 0, selector: formatLabelSelector(spec.selector ?? {}) },
  }
}

/** What the caller says of the object that it means, uid and resourceVersion, is checked as for the workload itself. */
function computeScaled(workload: UnknownObject, { metadata, spec }: Scale): UnknownObject {
  const { replicas = 0 } = spec ?? {}
  const errors = validateNotNegative(replicas, 'spec.replicas')
  if (errors.length > 0) throw invalid(SCALE, metadata.name ?? '', errors)
  const { uid = '', resourceVersion = '' } = metadata
  return {
    ...workload,
    metadata: { ...workload.metadata, uid, resourceVersion },
    spec: { ...(workload as unknown as Workload).spec, replicas },
  }
}

type Optional<Kind> = { [Field in keyof Kind]: Kind[Field] | undefined }

function withoutAbsent(metadata: Optional<ObjectMeta>): ObjectMeta {
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => value !== undefined))
}
