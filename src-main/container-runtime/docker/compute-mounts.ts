/** Node paths as sub-paths of the node's volume, or as volumes in memory: the only mounts a pod can have (design §4). */
import { posix } from 'node:path'
import { MANIFESTS_PATH } from '../../common/node-channel.ts'
import { NODE_VOLUME_PATHS } from '../../common/node-layout.ts'
import { CriError } from '../cri.ts'
import type { Mount } from '../cri.ts'
import type { EngineMount } from './engine-types.ts'

/** One of a sandbox's volumes in memory, as its labels remember it. */
export interface HeldVolume {
  /** On the node. */
  path: string
  /** Name of the engine's volume. */
  volume: string
}

function refuse(message: string): never {
  throw new CriError('InvalidArgument', message)
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

/** Without doubled, trailing or `.` components. */
export function normalise(path: string): string {
  return posix.normalize(path).replace(/(.)\/+$/, '$1')
}

/**
 * An absolute path on the node as the path inside the node's volume, without a leading slash.
 * @throws CriError InvalidArgument for paths with `..` or that are not in the volume.
 */
export function computeVolumeSubpath(nodePath: string): string {
  if (!nodePath.startsWith('/') || nodePath.includes('\0')) refuse(`hostPath "${nodePath}" has to be an absolute path`)
  if (nodePath.split('/').includes('..')) refuse(`hostPath "${nodePath}" must not contain ".."`)
  const path = normalise(nodePath)
  if (isWithin(path, MANIFESTS_PATH))
    refuse(`hostPath "${nodePath}" cannot be given to a pod: the manifest folder belongs to the kubelet`)
  if (!NODE_VOLUME_PATHS.some((folder) => isWithin(path, folder)))
    refuse(
      `hostPath "${nodePath}" cannot be given to a pod: on a Node Lab node pods can use ${NODE_VOLUME_PATHS.join(', ')}`,
    )
  return path.slice(1)
}

/**
 * The volume in memory that a node path lies in: its index among those held by the sandbox, and where in it.
 * @throws CriError InvalidArgument as `computeVolumeSubpath`
 */
export function findHeldVolume(
  held: readonly HeldVolume[],
  nodePath: string,
): { index: number; subpath: string } | undefined {
  const path = computeVolumeSubpath(nodePath)
  const folders = held.map((volume) => computeVolumeSubpath(volume.path))
  const index = folders.findIndex((folder) => isWithin(path, folder))
  return index < 0 ? undefined : { index, subpath: path.slice((folders[index]?.length ?? 0) + 1) }
}

/**
 * @param held the sandbox's volumes in memory
 * @throws CriError InvalidArgument with the mount and the reason.
 */
export function computeMounts(
  volume: string,
  mounts: readonly Mount[],
  held: readonly HeldVolume[] = [],
): EngineMount[] {
  const targets = new Set<string>()
  return mounts.map((mount) => {
    const target = mount.containerPath
    if (!target.startsWith('/') || target.includes('\0') || normalise(target) === '/')
      refuse(`mount path "${target}" has to be an absolute path other than /`)
    if (targets.has(normalise(target))) refuse(`mount path "${target}" is used twice`)
    targets.add(normalise(target))
    if (mount.propagation !== 'PROPAGATION_PRIVATE')
      refuse(`mount path "${target}": mount propagation is not supported on a Node Lab node`)
    const memory = findHeldVolume(held, mount.hostPath)
    const subpath = memory === undefined ? computeVolumeSubpath(mount.hostPath) : memory.subpath
    return {
      Type: 'volume',
      Source: (memory === undefined ? undefined : held[memory.index]?.volume) ?? volume,
      Target: target,
      ReadOnly: mount.readonly,
      // Without NoCopy the engine would first copy the image's files into the volume.
      VolumeOptions: { NoCopy: true, ...(subpath === '' ? {} : { Subpath: subpath }) },
    }
  })
}
