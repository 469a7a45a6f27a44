/** What is mounted into one container: its volumes, the managed hosts file and the termination message file. */
import { randomBytes } from 'node:crypto'
import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Container, Pod, VolumeMount } from '../../common/api/core.ts'
import type { KeyValue, Mount, MountPropagation } from '../../container-runtime/cri.ts'
import { ContainerStartError } from '../runtime/container-start-error.ts'
import { containerDirectory } from './node-paths.ts'
import type { NodePaths } from './node-paths.ts'
import { requestedSubPath, resolveSubPath } from './sub-path.ts'

const ETC_HOSTS = '/etc/hosts'
export const DEFAULT_TERMINATION_MESSAGE_PATH = '/dev/termination-log'

/** @throws ContainerStartError `CreateContainerConfigError` */
export function volumeMounts(
  pod: Pod,
  container: Container,
  volumePaths: ReadonlyMap<string, string>,
  environment: KeyValue[],
): Mount[] {
  return (container.volumeMounts ?? []).map((volumeMount) => {
    const base = volumePaths.get(volumeMount.name)
    if (base === undefined)
      throw configError(
        `cannot find volume ${JSON.stringify(volumeMount.name)} to mount into container ${JSON.stringify(container.name)}`,
      )
    const mountPath = volumeMount.mountPath
    return {
      containerPath: mountPath.startsWith('/') ? mountPath : `/${mountPath}`,
      hostPath: mountedPath(base, volumeMount, environment),
      readonly: volumeMount.readOnly === true || isAlwaysReadOnly(pod, volumeMount.name),
      selinuxRelabel: false,
      propagation: propagation(volumeMount.mountPropagation),
    }
  })
}

/** What the kubelet writes is not for containers to change, whatever they ask for. */
function isAlwaysReadOnly({ spec }: Pod, volumeName: string): boolean {
  const volume = spec.volumes?.find(({ name }) => name === volumeName)
  const { downwardAPI, projected, configMap, secret } = volume ?? {}
  return [downwardAPI, projected, configMap, secret].some((source) => source !== undefined)
}

/** `undefined` when the container mounts something there itself (facts 2.18.1). */
export function etcHostsMount(container: Container, hostsPath: string): Mount | undefined {
  if (container.volumeMounts?.some((volumeMount) => volumeMount.mountPath === ETC_HOSTS) === true) return undefined
  return fileMount(ETC_HOSTS, hostsPath)
}

/** A new file for every instance of a container, so that an old message is never taken for a new one (facts 2.15). */
export function terminationMessageMount(paths: NodePaths, pod: Pod, container: Container): Mount | undefined {
  const containerPath = container.terminationMessagePath ?? DEFAULT_TERMINATION_MESSAGE_PATH
  if (containerPath === '') return undefined
  const directory = containerDirectory(paths, pod, container.name)
  mkdirSync(directory, { recursive: true })
  const path = join(directory, randomBytes(4).toString('hex'))
  closeSync(openSync(path, 'w', 0o666))
  chmodSync(path, 0o666)
  return fileMount(containerPath, path)
}

function fileMount(containerPath: string, hostPath: string): Mount {
  return { containerPath, hostPath, readonly: false, selinuxRelabel: false, propagation: 'PROPAGATION_PRIVATE' }
}

function mountedPath(base: string, volumeMount: VolumeMount, environment: KeyValue[]): string {
  const subPath = requestedSubPath(volumeMount, environment)
  return subPath === '' ? base : resolveSubPath(base, subPath)
}

function propagation(mode: VolumeMount['mountPropagation']): MountPropagation {
  switch (mode) {
    case undefined:
    case 'None':
      return 'PROPAGATION_PRIVATE'
    case 'HostToContainer':
      return 'PROPAGATION_HOST_TO_CONTAINER'
    case 'Bidirectional':
      return 'PROPAGATION_BIDIRECTIONAL'
  }
}

function configError(message: string): ContainerStartError {
  return new ContainerStartError('CreateContainerConfigError', message)
}
