/** Security contexts of pods and containers in CRI's terms (facts 2.19.5, 2.19.6). What is not allowed, the runtime service refuses. */
import type { Container, Pod, SeccompProfile } from '../../common/api/core.ts'
import type {
  CriImage,
  LinuxContainerSecurityContext,
  LinuxSandboxSecurityContext,
  NamespaceOptions,
  SecurityProfile,
} from '../../container-runtime/cri.ts'
import { formatPod } from '../pod-identity.ts'
import type { ContainerSettings } from './container-settings.ts'
import { ContainerStartError } from './container-start-error.ts'

/** Facts 2.18.6. */
export function namespaceOptions(pod: Pod): NamespaceOptions {
  return {
    network: pod.spec.hostNetwork === true ? 'NODE' : 'POD',
    pid: pod.spec.hostPID === true ? 'NODE' : pod.spec.shareProcessNamespace === true ? 'POD' : 'CONTAINER',
    ipc: pod.spec.hostIPC === true ? 'NODE' : 'POD',
  }
}

export function sandboxSecurityContext(pod: Pod): LinuxSandboxSecurityContext {
  const context = pod.spec.securityContext ?? {}
  return {
    namespaceOptions: namespaceOptions(pod),
    readonlyRootfs: false,
    supplementalGroups: supplementalGroups(pod),
    privileged: [...(pod.spec.initContainers ?? []), ...pod.spec.containers].some(
      (container) => container.securityContext?.privileged === true,
    ),
    ...optional('runAsUser', bigintOf(context.runAsUser)),
    ...optional('runAsGroup', bigintOf(context.runAsGroup)),
    ...optional('seccomp', profile(context.seccompProfile)),
    ...optional('apparmor', profile(context.appArmorProfile)),
  }
}

/** The container's own values override the pod's. */
export function containerSecurityContext(
  pod: Pod,
  container: Container,
  { seccompDefault }: ContainerSettings,
): LinuxContainerSecurityContext {
  const ofPod = pod.spec.securityContext ?? {}
  const own = container.securityContext ?? {}
  return {
    capabilities: {
      addCapabilities: own.capabilities?.add ?? [],
      dropCapabilities: own.capabilities?.drop ?? [],
    },
    privileged: own.privileged === true,
    namespaceOptions: namespaceOptions(pod),
    runAsUsername: '',
    readonlyRootfs: own.readOnlyRootFilesystem === true,
    supplementalGroups: supplementalGroups(pod),
    noNewPrivs: own.allowPrivilegeEscalation === false,
    ...optional('runAsUser', bigintOf(own.runAsUser ?? ofPod.runAsUser)),
    ...optional('runAsGroup', bigintOf(own.runAsGroup ?? ofPod.runAsGroup)),
    ...optional(
      'seccomp',
      profile(own.seccompProfile ?? ofPod.seccompProfile ?? (seccompDefault ? { type: 'RuntimeDefault' } : undefined)),
    ),
    ...optional('apparmor', profile(own.appArmorProfile ?? ofPod.appArmorProfile)),
  }
}

/** @throws ContainerStartError `CreateContainerConfigError` when runAsNonRoot is asked for and not kept (facts 2.19.6) */
export function checkRunAsNonRoot(pod: Pod, container: Container, image: CriImage): void {
  const own = container.securityContext ?? {}
  const ofPod = pod.spec.securityContext ?? {}
  if ((own.runAsNonRoot ?? ofPod.runAsNonRoot) !== true) return
  const where = `(pod: ${JSON.stringify(formatPod(pod))}, container: ${container.name})`
  const user = own.runAsUser ?? ofPod.runAsUser
  if (user !== undefined) {
    if (user === 0) throw configError(`container's runAsUser breaks non-root policy ${where}`)
    return
  }
  if (image.uid === undefined && image.username !== '')
    throw configError(
      `container has runAsNonRoot and image has non-numeric user (${image.username}), cannot verify user is non-root ${where}`,
    )
  if ((image.uid ?? 0n) === 0n) throw configError(`container has runAsNonRoot and image will run as root ${where}`)
}

function supplementalGroups(pod: Pod): bigint[] {
  const { supplementalGroups: groups = [], fsGroup } = pod.spec.securityContext ?? {}
  return (fsGroup === undefined ? groups : [...groups, fsGroup]).map(BigInt)
}

function profile(written: SeccompProfile | undefined): SecurityProfile | undefined {
  return written === undefined ? undefined : { profileType: written.type, localhostRef: written.localhostProfile ?? '' }
}

function bigintOf(value: number | undefined): bigint | undefined {
  return value === undefined ? undefined : BigInt(value)
}

function optional<Key extends string, Value>(key: Key, value: Value | undefined): { [K in Key]?: Value } {
  // The computed key is exactly `Key`, which the compiler widens to string.
  return value === undefined ? {} : ({ [key]: value } as { [K in Key]?: Value })
}

function configError(message: string): ContainerStartError {
  return new ContainerStartError('CreateContainerConfigError', message)
}
