/** What a container is made from, with the facts that must survive on it (facts 2.5.1, 2.19.2). */
import type { Container, Pod } from '../../common/api/core.ts'
import {
  CONTAINER_HASH_ANNOTATION,
  CONTAINER_NAME_LABEL,
  CONTAINER_PORTS_ANNOTATION,
  CONTAINER_PRE_STOP_HANDLER_ANNOTATION,
  CONTAINER_RESTART_COUNT_ANNOTATION,
  CONTAINER_TERMINATION_MESSAGE_PATH_ANNOTATION,
  CONTAINER_TERMINATION_MESSAGE_POLICY_ANNOTATION,
  POD_NAME_LABEL,
  POD_NAMESPACE_LABEL,
  POD_TERMINATION_GRACE_PERIOD_ANNOTATION,
  POD_UID_LABEL,
} from '../../common/api/kubelet-labels.ts'
import type { ContainerConfig } from '../../container-runtime/cri.ts'
import { expandCommand, makeEnvironment } from '../env/make-environment.ts'
import { podReference } from '../pod-identity.ts'
import {
  DEFAULT_TERMINATION_MESSAGE_PATH,
  etcHostsMount,
  terminationMessageMount,
  volumeMounts,
} from '../volumes/container-mounts.ts'
import { etcHostsContent, writeEtcHosts } from '../volumes/etc-hosts.ts'
import { containerLogName, etcHostsPath } from '../volumes/node-paths.ts'
import { containerHash } from './container-hash.ts'
import { containerResources } from './container-resources.ts'
import type { RuntimeContext } from './runtime-context.ts'
import { podHostDomain, podHostname } from './sandbox-config.ts'
import { containerSecurityContext } from './security-context.ts'

export interface ContainerConfigInput {
  pod: Pod
  container: Container
  /** Id of the image that has been looked up, so that no other one can be taken meanwhile. */
  imageRef: string
  restartCount: number
  podIPs: string[]
  volumePaths: ReadonlyMap<string, string>
}

/** Writes the hosts and termination message files on the way. @throws ContainerStartError, or what the file system says */
export function makeContainerConfig(context: RuntimeContext, input: ContainerConfigInput): ContainerConfig {
  const { pod, container, restartCount, podIPs } = input
  const { node, paths, containerSettings } = context
  const environment = makeEnvironment(pod, container, {
    network: { hostIP: node.nodeIP, podIPs },
    allocatable: node.allocatable,
    references: context.references?.of(pod),
  })
  const hostsPath = etcHostsPath(paths, pod)
  writeEtcHosts(
    hostsPath,
    etcHostsContent(pod, {
      hostname: podHostname(pod, node.nodeName),
      hostDomain: podHostDomain(pod, node),
      podIPs,
      nodeHosts: pod.spec.hostNetwork === true ? node.readNodeHosts() : '',
    }),
  )
  const mounts = [
    ...volumeMounts(pod, container, input.volumePaths, environment),
    etcHostsMount(container, hostsPath),
    terminationMessageMount(paths, pod, container),
  ].filter((mount) => mount !== undefined)
  return {
    metadata: { name: container.name, attempt: restartCount },
    image: { image: input.imageRef, userSpecifiedImage: container.image ?? '' },
    command: expandCommand(container.command, environment),
    args: expandCommand(container.args, environment),
    workingDir: container.workingDir ?? '',
    envs: environment,
    mounts,
    labels: containerLabels(pod, container),
    annotations: containerAnnotations(pod, container, restartCount),
    logPath: containerLogName(container.name, restartCount),
    stdin: container.stdin === true,
    stdinOnce: container.stdinOnce === true,
    tty: container.tty === true,
    stopSignal: container.lifecycle?.stopSignal ?? '',
    linux: {
      resources: containerResources(pod, container, node.capacity.memoryBytes, containerSettings),
      securityContext: containerSecurityContext(pod, container, containerSettings),
    },
  }
}

function containerLabels(pod: Pod, container: Container): Record<string, string> {
  const { name, namespace, uid } = podReference(pod)
  return {
    [POD_NAME_LABEL]: name,
    [POD_NAMESPACE_LABEL]: namespace,
    [POD_UID_LABEL]: uid,
    [CONTAINER_NAME_LABEL]: container.name,
  }
}

function containerAnnotations(pod: Pod, container: Container, restartCount: number): Record<string, string> {
  const annotations: Record<string, string> = {
    [CONTAINER_HASH_ANNOTATION]: containerHash(container),
    [CONTAINER_RESTART_COUNT_ANNOTATION]: String(restartCount),
    [CONTAINER_TERMINATION_MESSAGE_PATH_ANNOTATION]:
      container.terminationMessagePath ?? DEFAULT_TERMINATION_MESSAGE_PATH,
    [CONTAINER_TERMINATION_MESSAGE_POLICY_ANNOTATION]: container.terminationMessagePolicy ?? 'File',
  }
  const grace = pod.spec.terminationGracePeriodSeconds
  if (grace !== undefined) annotations[POD_TERMINATION_GRACE_PERIOD_ANNOTATION] = String(grace)
  if (container.ports !== undefined) annotations[CONTAINER_PORTS_ANNOTATION] = JSON.stringify(container.ports)
  if (container.lifecycle?.preStop !== undefined)
    annotations[CONTAINER_PRE_STOP_HANDLER_ANNOTATION] = JSON.stringify(container.lifecycle.preStop)
  return annotations
}
