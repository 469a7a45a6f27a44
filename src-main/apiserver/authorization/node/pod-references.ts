/** To which secrets, configmaps and service accounts a pod refers (pkg/api/v1/pod visitors). */
import type { Container, Pod, Volume } from '../../../common/api/core.ts'

export type ReferencedResource = 'secrets' | 'configmaps' | 'serviceaccounts' | 'persistentvolumeclaims'

export interface PodReference {
  resource: ReferencedResource
  name: string
}

/** In the order of upstream's graph; names may repeat. */
export function* podReferences({ spec }: Pod): Generator<PodReference> {
  if ((spec.serviceAccountName ?? '') !== '') yield { resource: 'serviceaccounts', name: spec.serviceAccountName ?? '' }
  for (const { name = '' } of spec.imagePullSecrets ?? []) yield* reference('secrets', name)
  for (const container of [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])])
    yield* containerReferences(container)
  for (const volume of spec.volumes ?? []) yield* volumeReferences(volume)
}

function* containerReferences({ env = [], envFrom = [] }: Container): Generator<PodReference> {
  for (const { secretRef, configMapRef } of envFrom) {
    yield* reference('secrets', secretRef?.name)
    yield* reference('configmaps', configMapRef?.name)
  }
  for (const { valueFrom } of env) {
    yield* reference('secrets', valueFrom?.secretKeyRef?.name)
    yield* reference('configmaps', valueFrom?.configMapKeyRef?.name)
  }
}

function* volumeReferences({ secret, configMap, persistentVolumeClaim, projected }: Volume): Generator<PodReference> {
  yield* reference('secrets', secret?.['secretName'])
  yield* reference('configmaps', configMap?.['name'])
  yield* reference('persistentvolumeclaims', persistentVolumeClaim?.['claimName'])
  for (const source of projected?.sources ?? []) {
    yield* reference('secrets', source.secret?.['name'])
    yield* reference('configmaps', source.configMap?.['name'])
  }
}

function* reference(resource: ReferencedResource, name: unknown): Generator<PodReference> {
  if (typeof name === 'string' && name !== '') yield { resource, name }
}
