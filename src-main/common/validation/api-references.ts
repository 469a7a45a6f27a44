/** References from a pod to other API objects: a static pod may have none, since it must run without an API server (facts 1.3.6). */
import type { Container, Pod, Volume } from '../api/core.ts'

export interface APIReference {
  /** In upstream's words, as in `static pods may not reference secrets`. */
  resource: string
  /** Path of the field that refers to it. */
  field: string
}

/** The first reference in upstream's order; undefined when the pod stands for itself. */
export function findAPIReference({ spec }: Pod): APIReference | undefined {
  if ((spec.serviceAccountName ?? '') !== '') return { resource: 'serviceaccounts', field: 'spec.serviceAccountName' }
  const lists = ['initContainers', 'containers', 'ephemeralContainers'] as const
  const containers = lists.flatMap((list) =>
    (spec[list] ?? []).map((container: Container, index) => ({ container, path: `spec.${list}[${index}]` })),
  )
  const firstOf = (kind: 'secret' | 'configMap'): string | undefined =>
    containers.map(({ container, path }) => environmentReference(container, path, kind)).find(Boolean)
  const secret = (spec.imagePullSecrets ?? []).length > 0 ? 'spec.imagePullSecrets' : firstOf('secret')
  if (secret !== undefined) return { resource: 'secrets', field: secret }
  const configMap = firstOf('configMap')
  if (configMap !== undefined) return { resource: 'configmaps', field: configMap }
  if ((spec.resourceClaims ?? []).length > 0) return { resource: 'resourceclaims', field: 'spec.resourceClaims' }
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    const reference = volumeReference(volume, `spec.volumes[${index}]`)
    if (reference !== undefined) return reference
  }
  return undefined
}

/** The kubelet's refusal of a static pod for that reference. */
export function apiReferenceMessage(resource: string): string {
  return `static pods may not reference ${resource}`
}

/** Path of the container's first variable, or source of variables, that refers to such an object. */
function environmentReference(
  { env = [], envFrom = [] }: Container,
  path: string,
  kind: 'secret' | 'configMap',
): string | undefined {
  const variable = env.findIndex(({ valueFrom }) => valueFrom?.[`${kind}KeyRef`] !== undefined)
  if (variable >= 0) return `${path}.env[${variable}].valueFrom.${kind}KeyRef`
  const source = envFrom.findIndex((one) => one[`${kind}Ref`] !== undefined)
  return source < 0 ? undefined : `${path}.envFrom[${source}].${kind}Ref`
}

const VOLUME_REFERENCES: Readonly<Record<string, string>> = {
  configMap: 'configmaps (via configmap volumes)',
  secret: 'secrets (via secret volumes)',
  csi: 'csidrivers (via CSI volumes)',
  glusterfs: 'endpoints (via glusterFS volumes)',
  persistentVolumeClaim: 'persistentvolumeclaims',
  ephemeral: 'persistentvolumeclaims (via ephemeral volumes)',
  azureFile: 'secrets (via azureFile volumes)',
}

const PROJECTION_REFERENCES: Readonly<Record<string, string>> = {
  configMap: 'configmaps (via projected volumes)',
  secret: 'secrets (via projected volumes)',
  serviceAccountToken: 'serviceaccounts (via projected volumes)',
  clusterTrustBundle: 'clustertrustbundles',
  podCertificate: 'podcertificates',
}

function volumeReference(volume: Volume, path: string): APIReference | undefined {
  for (const [source, resource] of Object.entries(VOLUME_REFERENCES)) {
    if (volume[source] !== undefined) return { resource, field: `${path}.${source}` }
  }
  for (const [index, projection] of (volume.projected?.sources ?? []).entries()) {
    for (const [source, resource] of Object.entries(PROJECTION_REFERENCES)) {
      if (Object.hasOwn(projection, source)) return { resource, field: `${path}.projected.sources[${index}].${source}` }
    }
  }
  return undefined
}
