/** Volumes in memory as named tmpfs volumes of the engine, which exist as long as a container has them. */
import { createHash } from 'node:crypto'
import { LAB_LABEL, NODE_LABEL, ROLE_LABEL } from '../../common/engine-labels.ts'
import type { PodSandboxConfig } from '../cri.ts'
import { decodeMemoryVolumes } from '../memory-volumes.ts'
import type { MemoryVolume } from '../memory-volumes.ts'
import { computeVolumeSubpath } from './compute-mounts.ts'
import type { HeldVolume } from './compute-mounts.ts'
import type { EngineMount } from './engine-types.ts'
import type { ServiceOptions } from './service-options.ts'

/** What the names of a node's volumes in memory begin with; `volume` is the node's own. */
export function memoryVolumePrefix(volume: string): string {
  return `${volume}.memory_`
}

/** Where the pause container has the volume of this index. */
export function heldAt(index: number): string {
  return `/memory/${index}`
}

/** The same for every sandbox of the pod: what replaces a sandbox finds the memory of its predecessor while that is there. */
export function computeHeldVolumes(options: ServiceOptions, config: PodSandboxConfig): HeldVolume[] {
  return decodeMemoryVolumes(config.annotations).map(({ path }) => ({
    path,
    volume: volumeName(options, config, path),
  }))
}

function volumeName(options: ServiceOptions, config: PodSandboxConfig, path: string): string {
  const name = createHash('sha256').update(computeVolumeSubpath(path)).digest('hex').slice(0, 12)
  return `${memoryVolumePrefix(options.volume)}${config.metadata.uid}_${name}`
}

/** The mounts by which a pause container makes and holds them. @throws CriError InvalidArgument */
export function computeHoldingMounts(options: ServiceOptions, config: PodSandboxConfig): EngineMount[] {
  const labels = { [LAB_LABEL]: options.lab, [NODE_LABEL]: options.node, [ROLE_LABEL]: 'memory-volume' }
  return decodeMemoryVolumes(config.annotations).map((volume, index) => ({
    Type: 'volume',
    Source: volumeName(options, config, volume.path),
    Target: heldAt(index),
    ReadOnly: false,
    VolumeOptions: {
      NoCopy: true,
      Labels: labels,
      DriverConfig: {
        Name: 'local',
        Options: { type: 'tmpfs', device: 'tmpfs', o: tmpfsOptions(volume) },
      },
    },
  }))
}

/** Writable for everyone, and as every tmpfs with the bit by which only owners remove files (golden, 08-volumes-downward). */
function tmpfsOptions({ sizeBytes, groupId }: MemoryVolume): string {
  return [
    ...(sizeBytes === undefined ? [] : [`size=${sizeBytes}`]),
    ...(groupId === undefined ? ['mode=1777'] : [`gid=${groupId}`, 'mode=3777']),
    'nosuid',
    'nodev',
  ].join(',')
}
