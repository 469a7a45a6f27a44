/** Which of a pod's volumes are memory, and how large each may grow (facts 2.17.1). */
import type { Container, Pod } from '../../common/api/core.ts'
import type { MemoryVolume } from '../../container-runtime/memory-volumes.ts'
import { isSidecar } from '../runtime/restart-policy.ts'
import { quantityUnits } from '../../common/api/amounts.ts'
import { volumeDirectory } from './node-paths.ts'
import type { NodePaths } from './node-paths.ts'

/** A limit beyond this is none. */
const MOST_BYTES = BigInt(Number.MAX_SAFE_INTEGER)

/** Where an emptyDir lies on the node, on disk or in memory. */
export function emptyDirPath(paths: NodePaths, pod: Pod, volume: string): string {
  return volumeDirectory(paths, pod, 'kubernetes.io~empty-dir', volume)
}

/** Pure. */
export function computeMemoryVolumes(paths: NodePaths, pod: Pod): MemoryVolume[] {
  const groupId = pod.spec.securityContext?.fsGroup
  return (pod.spec.volumes ?? []).flatMap(({ name, emptyDir }) => {
    if (emptyDir?.medium !== 'Memory') return []
    const sizeBytes = smallest(quantityUnits(emptyDir.sizeLimit), podMemoryLimit(pod))
    return [
      {
        path: emptyDirPath(paths, pod, name),
        ...(sizeBytes === 0n || sizeBytes > MOST_BYTES ? {} : { sizeBytes: Number(sizeBytes) }),
        ...(groupId === undefined ? {} : { groupId }),
      },
    ]
  })
}

/** Zero is none. */
function smallest(one: bigint, other: bigint): bigint {
  if (one === 0n) return other
  return other === 0n || one < other ? one : other
}

/**
 * What containers and sidecars together may use, or an init container beside the sidecars before it if that is more; none
 * when one of them has no limit.
 */
function podMemoryLimit(pod: Pod): bigint {
  const limitOf = ({ resources }: Container): bigint => quantityUnits(resources?.limits?.['memory'])
  const { initContainers = [], containers } = pod.spec
  if ([...initContainers, ...containers].some((container) => limitOf(container) === 0n)) return 0n
  let sidecars = 0n
  let most = 0n
  for (const container of initContainers) {
    const together = sidecars + limitOf(container)
    if (isSidecar(container)) sidecars = together
    if (together > most) most = together
  }
  const running = containers.reduce((sum, container) => sum + limitOf(container), sidecars)
  return running > most ? running : most
}
