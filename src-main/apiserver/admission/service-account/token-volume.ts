/** The projected volume `kube-api-access-…` with a token, the cluster's CA and the namespace. */
import type { Container, Pod, Volume, VolumeMount } from '../../../common/api/core.ts'

const VOLUME_PREFIX = 'kube-api-access-'
const MOUNT_PATH = '/var/run/secrets/kubernetes.io/serviceaccount'
/** Clients renew in time; the seven seconds tell these tokens from others that ask for an hour. */
const TOKEN_SECONDS = 3_607
const READABLE = 0o644

/** Adds the mount to every container that has nothing at its path, and the volume if a container needs it. */
export function mountToken({ spec }: Pod, newSuffix: () => string): void {
  const present = (spec.volumes ?? []).find(({ name }) => name.startsWith(VOLUME_PREFIX))
  const name = present?.name ?? `${VOLUME_PREFIX}${newSuffix()}`
  const mount: VolumeMount = { name, readOnly: true, mountPath: MOUNT_PATH }
  const needs = [...(spec.initContainers ?? []), ...spec.containers].filter((container) => !isMounted(container))
  for (const container of needs) container.volumeMounts = [...(container.volumeMounts ?? []), { ...mount }]
  if (present === undefined && needs.length > 0) spec.volumes = [...(spec.volumes ?? []), newVolume(name)]
}

function isMounted({ volumeMounts = [] }: Container): boolean {
  return volumeMounts.some(({ mountPath }) => mountPath === MOUNT_PATH)
}

function newVolume(name: string): Volume {
  return {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: TOKEN_SECONDS, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        {
          downwardAPI: {
            items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
          },
        },
      ],
      defaultMode: READABLE,
    },
  }
}
