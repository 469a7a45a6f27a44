/** Sets up a pod's volumes on the node (facts 2.17). Everything here can be done again without harm. */
import { chmodSync, chownSync, mkdirSync, statSync } from 'node:fs'
import type { Pod, Volume } from '../../common/api/core.ts'
import type { EnvironmentFacts } from '../env/make-environment.ts'
import { prepareHostPath } from './host-path.ts'
import { emptyDirPath } from './memory-volumes.ts'
import type { NodePaths } from './node-paths.ts'
import { writeProjectedVolume } from './projected-volumes.ts'

export interface VolumeFailure {
  volume: string
  /** Without the event's frame `MountVolume.SetUp failed for volume "V" : `. */
  message: string
}

/** Node path of each volume that is ready, and what is wrong with the others. */
export interface MountedVolumes {
  paths: ReadonlyMap<string, string>
  failures: VolumeFailure[]
}

export function mountVolumes(paths: NodePaths, pod: Pod, facts: EnvironmentFacts): MountedVolumes {
  const ready = new Map<string, string>()
  const failures: VolumeFailure[] = []
  for (const volume of pod.spec.volumes ?? []) {
    const result = tryMount(paths, pod, volume, facts)
    if ('path' in result) ready.set(volume.name, result.path)
    else failures.push({ volume: volume.name, message: result.message })
  }
  return { paths: ready, failures }
}

/** Writes again what has changed on the API server, under running containers. Of a failure the files of before are left. */
export function refreshVolumes(paths: NodePaths, pod: Pod, facts: EnvironmentFacts): VolumeFailure[] {
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    if (volume.configMap === undefined && volume.secret === undefined && volume.projected === undefined) return []
    const result = tryMount(paths, pod, volume, facts)
    return 'path' in result ? [] : [{ volume: volume.name, message: result.message }]
  })
}

function tryMount(
  paths: NodePaths,
  pod: Pod,
  volume: Volume,
  facts: EnvironmentFacts,
): { path: string } | { message: string } {
  try {
    return mount(paths, pod, volume, facts)
  } catch (error) {
    return { message: error instanceof Error ? error.message : String(error) }
  }
}

function mount(
  paths: NodePaths,
  pod: Pod,
  volume: Volume,
  facts: EnvironmentFacts,
): { path: string } | { message: string } {
  if (volume.hostPath !== undefined) {
    const { path, type = '' } = volume.hostPath
    const message = prepareHostPath(path, type)
    return message === undefined ? { path } : { message }
  }
  const projected = writeProjectedVolume(paths, pod, volume, facts)
  if (projected !== undefined) return { path: projected }
  const kinds = Object.keys(volume).filter((key) => key !== 'name')
  const medium = volume.emptyDir?.medium ?? ''
  if (medium !== '' && medium !== 'Memory') return { message: `unknown storage medium ${JSON.stringify(medium)}` }
  if (volume.emptyDir !== undefined || kinds.length === 0) return { path: makeEmptyDir(paths, pod, volume.name) }
  return { message: `volumes of kind ${kinds.join(', ')} are not supported by this kubelet` }
}

/**
 * Writable for every user, and for the pod's fsGroup where it has one. It survives restarts of containers. One in memory is
 * a folder that stays empty: the runtime service has the memory.
 */
function makeEmptyDir(paths: NodePaths, pod: Pod, name: string): string {
  const path = emptyDirPath(paths, pod, name)
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === true) return path
  mkdirSync(path, { recursive: true })
  const group = pod.spec.securityContext?.fsGroup
  if (group !== undefined) chownSync(path, 0, group)
  // After the umask and after chown, which clears the set-group-id bit.
  chmodSync(path, group === undefined ? 0o777 : 0o2777)
  return path
}
