/** What a container's status says of its declaration since Kubernetes 1.33 (facts 2.7.4). Pure. */
import type { Container } from '../../common/api/core.ts'
import type { ContainerStatus } from '../../common/api/pod-status.ts'

/**
 * Nothing is resized here, so what was allocated is what is declared. Mounts are those that the manifest names; the kubelet's
 * own are not among them.
 */
export function declaredInStatus(
  container: Container,
): Pick<ContainerStatus, 'allocatedResources' | 'resources' | 'volumeMounts'> {
  const { limits, requests } = container.resources ?? {}
  const volumeMounts = (container.volumeMounts ?? []).map(({ name, mountPath, readOnly }) => ({
    name,
    mountPath,
    // A read-only mount says whether that holds for what is mounted below it, too.
    ...(readOnly === true ? { readOnly, recursiveReadOnly: 'Disabled' as const } : {}),
  }))
  return {
    ...(requests === undefined ? {} : { allocatedResources: requests }),
    resources: { ...(limits === undefined ? {} : { limits }), ...(requests === undefined ? {} : { requests }) },
    ...(volumeMounts.length === 0 ? {} : { volumeMounts }),
  }
}
