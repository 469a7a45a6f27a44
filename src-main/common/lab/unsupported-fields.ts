/** What a manifest asks for and this kubelet does not carry out: told to the user, never passed over in silence. */
import type { Container, Pod, SecurityContext } from '../api/core.ts'
import { isApiPod } from '../api/static-pod.ts'

export interface UnsupportedField {
  field: string
  /** One sentence: what happens instead. */
  consequence: string
  /** The pod is there, and waits for ever. */
  preventsStart?: true
}

/** Volume kinds that the kubelet sets up; every other kind fails its pod's mount, visibly. */
const SUPPORTED_VOLUME_KINDS: readonly string[] = ['emptyDir', 'hostPath', 'downwardAPI', 'projected']
/** And for pods of an API server. */
const API_VOLUME_KINDS: readonly string[] = ['configMap', 'secret']

/** Beyond the limit of the last one a static pod is only told of, by every kubelet (facts 2.20.1). */
const LIMITED: readonly string[] = ['cpu', 'memory', 'ephemeral-storage']

/** One sentence for the verdict on a file and for the timeline. */
export function unsupportedFieldWords({ field, consequence }: UnsupportedField): string {
  return `${field} is not carried out by this version of Node Lab: ${consequence}`
}

/** Pure. What leads to a failure that the status of a container shows anyway is not repeated here. */
export function computeUnsupportedFields(pod: Pod): UnsupportedField[] {
  const { spec } = pod
  const found: UnsupportedField[] = []
  const add = (field: string, consequence: string): void => void found.push({ field, consequence })
  const stop = (field: string, consequence: string): void =>
    void found.push({ field, consequence, preventsStart: true })
  for (const [kind, containers] of [
    ['initContainers', spec.initContainers ?? []],
    ['containers', spec.containers],
  ] as const)
    for (const [index, container] of containers.entries()) {
      const path = `spec.${kind}[${index}]`
      addContainerFields(path, container, add)
      if (spec.hostNetwork === true) continue
      for (const [port, { protocol, hostPort = 0 }] of (container.ports ?? []).entries())
        if (protocol === 'SCTP' && hostPort !== 0)
          stop(`${path}.ports[${port}].hostPort`, 'only TCP and UDP are carried to pods, so the pod does not start.')
    }
  for (const [index, volume] of (spec.volumes ?? []).entries()) {
    const path = `spec.volumes[${index}]`
    const kind = Object.keys(volume).find((key) => key !== 'name') ?? 'emptyDir'
    if (!SUPPORTED_VOLUME_KINDS.includes(kind) && !(isApiPod(pod) && API_VOLUME_KINDS.includes(kind)))
      stop(`${path}.${kind}`, 'volumes of this kind cannot be mounted, so the pod does not start.')
  }
  if (isApiPod(pod) && (spec.imagePullSecrets ?? []).length > 0)
    add('spec.imagePullSecrets', 'images are pulled without credentials.')
  addSecurityFields('spec.securityContext', spec.securityContext, add)
  if (spec.resources !== undefined)
    add('spec.resources', 'it counts when the pod is admitted and for its QoS class; only containers are limited.')
  if (spec.hostUsers === false) add('spec.hostUsers', 'the pod runs in the user namespace of the engine.')
  if (spec.runtimeClassName !== undefined) add('spec.runtimeClassName', 'the one runtime of the node is used.')
  if (spec.overhead !== undefined) add('spec.overhead', 'it counts when the pod is admitted; nothing is limited by it.')
  return found
}

function addContainerFields(
  path: string,
  container: Container,
  add: (field: string, consequence: string) => void,
): void {
  addSecurityFields(`${path}.securityContext`, container.securityContext, add)
  for (const resource of Object.keys(container.resources?.limits ?? {}))
    if (!LIMITED.includes(resource)) add(`${path}.resources.limits.${resource}`, 'nothing is limited.')
  if ((container.volumeDevices ?? []).length > 0) add(`${path}.volumeDevices`, 'the devices are not there.')
  for (const [index, mount] of (container.volumeMounts ?? []).entries())
    if (mount.recursiveReadOnly !== undefined && mount.recursiveReadOnly !== 'Disabled')
      add(`${path}.volumeMounts[${index}].recursiveReadOnly`, 'mounts below this one are not made read-only.')
}

function addSecurityFields(
  path: string,
  context: (Pick<SecurityContext, 'seLinuxOptions' | 'procMount'> & object) | undefined,
  add: (field: string, consequence: string) => void,
): void {
  if (context?.seLinuxOptions !== undefined) add(`${path}.seLinuxOptions`, 'the label of the engine is kept.')
  if (context?.procMount !== undefined && context.procMount !== 'Default')
    add(`${path}.procMount`, 'the usual paths of /proc stay masked.')
}
