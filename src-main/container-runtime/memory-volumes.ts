/**
 * Volumes in memory (`emptyDir: {medium: Memory}`). On a real node the kubelet mounts a tmpfs and gives CRI its path. A
 * kubelet in a container may not mount, so it says in an annotation of the sandbox which of its paths are memory, and the
 * runtime service makes and holds them as long as the sandbox exists. Other runtimes take the paths as they are.
 */
import { CriError } from './cri.ts'

export const MEMORY_VOLUMES_ANNOTATION = 'io.node-lab.memory-volumes'

export interface MemoryVolume {
  /** On the node; a mount of it or of something in it is a mount of the memory. */
  path: string
  /** Absent: what the kernel gives, half of the machine's memory. */
  sizeBytes?: number
  /** The pod's `fsGroup`: owns the volume's root, and new files in it. */
  groupId?: number
}

/** More than any real pod has, few enough to be mounted without thought. */
const MAX_MEMORY_VOLUMES = 32
const MAX_GROUP_ID = 2_147_483_647

export function encodeMemoryVolumes(volumes: readonly MemoryVolume[]): string {
  return JSON.stringify(volumes)
}

/** @throws CriError InvalidArgument */
export function decodeMemoryVolumes(annotations: Record<string, string>): MemoryVolume[] {
  const text = annotations[MEMORY_VOLUMES_ANNOTATION]
  if (text === undefined) return []
  const fail = (problem: string): never => {
    throw new CriError('InvalidArgument', `annotation ${MEMORY_VOLUMES_ANNOTATION} ${problem}`)
  }
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch (error) {
    return fail(`is not JSON: ${(error as Error).message}`)
  }
  if (!Array.isArray(parsed) || !parsed.every(isMemoryVolume)) return fail('is not a list of volumes')
  if (parsed.length > MAX_MEMORY_VOLUMES) return fail(`names more than ${MAX_MEMORY_VOLUMES} volumes`)
  return parsed
}

function isMemoryVolume(value: unknown): value is MemoryVolume {
  if (typeof value !== 'object' || value === null) return false
  const { path, sizeBytes = 1, groupId = 0 } = value as Partial<MemoryVolume>
  const isCount = (number: unknown, least: number, most: number): boolean =>
    Number.isSafeInteger(number) && Number(number) >= least && Number(number) <= most
  return typeof path === 'string' && isCount(sizeBytes, 1, Number.MAX_SAFE_INTEGER) && isCount(groupId, 0, MAX_GROUP_ID)
}
