/** Where the kubelet keeps things on the node. */
import { join } from 'node:path'
import type { Pod } from '../../common/api/core.ts'
import { podReference, podUid } from '../pod-identity.ts'
import type { PodReference } from '../../common/lab/file-verdict.ts'

/** Roots; a test puts them into a temporary folder. */
export interface NodePaths {
  /** `/var/lib/kubelet`. */
  root: string
  /** `/var/log/pods`. */
  podLogs: string
  /** `/var/log/containers`: links to the logs of running containers. */
  containerLogs: string
}

export function podDirectory(paths: NodePaths, uid: string): string {
  return join(paths.root, 'pods', uid)
}

/** `kind` with `/` written as `~`, as `kubernetes.io~empty-dir`. */
export function volumeDirectory(paths: NodePaths, pod: Pod, kind: string, volume: string): string {
  return join(podDirectory(paths, podUid(pod)), 'volumes', kind, volume)
}

/** Holds the termination message files of one container. */
export function containerDirectory(paths: NodePaths, pod: Pod, container: string): string {
  return join(podDirectory(paths, podUid(pod)), 'containers', container)
}

export function etcHostsPath(paths: NodePaths, pod: Pod): string {
  return join(podDirectory(paths, podUid(pod)), 'etc-hosts')
}

export function podLogDirectoryName({ namespace, name, uid }: PodReference): string {
  return `${namespace}_${name}_${uid}`
}

export function podLogDirectory(paths: NodePaths, pod: Pod): string {
  return join(paths.podLogs, podLogDirectoryName(podReference(pod)))
}

/** Log of one instance of a container, relative to the pod's log directory. */
export function containerLogName(container: string, restartCount: number): string {
  return `${container}/${restartCount}.log`
}
