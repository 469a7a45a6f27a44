/** Which of a pod's volumes are memory, and how large each may grow (facts 2.17.1). */
import type { Pod } from '../../common/api/core.ts'
import type { MemoryVolume } from '../../container-runtime/memory-volumes.ts'
import { quantityUnits } from '../runtime/quantity.ts'
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

/** What all containers together may use; none when one of them has no limit. An init container has gone by then. */
function podMemoryLimit(pod: Pod): bigint {
  const limits = pod.spec.containers.map(({ resources }) => quantityUnits(resources?.limits?.['memory']))
  const initLimits = (pod.spec.initContainers ?? []).map(({ resources }) =>
    quantityUnits(resources?.limits?.['memory']),
  )
  if ([...limits, ...initLimits].includes(0n)) return 0n
  const sum = limits.reduce((total, limit) => total + limit, 0n)
  return initLimits.reduce((most, limit) => (limit > most ? limit : most), sum)
}
