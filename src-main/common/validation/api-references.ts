/** References from a pod to other API objects: a static pod may have none, since it must run without an API server (facts 1.3.6). */
import type { Container, Pod, Volume } from '../api/core.ts'

/**
 * The first referenced resource in upstream's words and order, as in `static pods may not reference secrets`; undefined
 * when the pod stands for itself.
 */
export function findAPIReference(pod: Pod): string | undefined {
  const { spec } = pod
  if ((spec.serviceAccountName ?? '') !== '') return 'serviceaccounts'
  const containers = [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])]
  if ((spec.imagePullSecrets ?? []).length > 0 || containers.some(referencesSecret)) return 'secrets'
  if (containers.some(referencesConfigMap)) return 'configmaps'
  if ((spec.resourceClaims ?? []).length > 0) return 'resourceclaims'
  for (const volume of spec.volumes ?? []) {
    const resource = volumeReference(volume)
    if (resource !== undefined) return resource
  }
  return undefined
}

/** The kubelet's refusal of a static pod for that reference. */
export function apiReferenceMessage(resource: string): string {
  return `static pods may not reference ${resource}`
}

function referencesSecret(container: Container): boolean {
  return (
    (container.env ?? []).some(({ valueFrom }) => valueFrom?.secretKeyRef !== undefined) ||
    (container.envFrom ?? []).some(({ secretRef }) => secretRef !== undefined)
  )
}

function referencesConfigMap(container: Container): boolean {
  return (
    (container.env ?? []).some(({ valueFrom }) => valueFrom?.configMapKeyRef !== undefined) ||
    (container.envFrom ?? []).some(({ configMapRef }) => configMapRef !== undefined)
  )
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

function volumeReference(volume: Volume): string | undefined {
  for (const [source, resource] of Object.entries(VOLUME_REFERENCES)) {
    if (volume[source] !== undefined) return resource
  }
  for (const projection of volume.projected?.sources ?? []) {
    for (const [source, resource] of Object.entries(PROJECTION_REFERENCES)) {
      if (Object.hasOwn(projection, source)) return resource
    }
  }
  return undefined
}
