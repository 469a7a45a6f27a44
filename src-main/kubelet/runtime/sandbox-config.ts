/** What a pod's sandbox is made from. */
import type { Container, Pod } from '../../common/api/core.ts'
import { POD_NAME_LABEL, POD_NAMESPACE_LABEL, POD_UID_LABEL } from '../../common/api/kubelet-labels.ts'
import { MAX_KERNEL_HOSTNAME } from '../../common/validation/names.ts'
import type { PodSandboxConfig, PortMapping } from '../../container-runtime/cri.ts'
import { podDNSConfig } from '../dns/dns-config.ts'
import { encodeMemoryVolumes, MEMORY_VOLUMES_ANNOTATION } from '../../container-runtime/memory-volumes.ts'
import { podReference } from '../pod-identity.ts'
import { computeMemoryVolumes } from '../volumes/memory-volumes.ts'
import { podLogDirectory } from '../volumes/node-paths.ts'
import type { NodePaths } from '../volumes/node-paths.ts'
import { isSidecar } from './restart-policy.ts'
import type { NodeFacts } from './runtime-context.ts'
import { sandboxSecurityContext } from './security-context.ts'

const MAX_HOSTNAME = 63

/** Pure. @throws Error when the pod cannot have the hostname that it asks for */
export function sandboxConfig(pod: Pod, attempt: number, node: NodeFacts, paths: NodePaths): PodSandboxConfig {
  const { name, namespace, uid } = podReference(pod)
  return {
    metadata: { name, namespace, uid, attempt },
    // In the node's network the hostname is the node's: runtimes refuse to set one there.
    hostname: pod.spec.hostNetwork === true ? '' : kernelHostname(pod, node),
    logDirectory: podLogDirectory(paths, pod),
    dnsConfig: podDNSConfig(pod, node.dns),
    portMappings: [...(pod.spec.initContainers ?? []).filter(isSidecar), ...pod.spec.containers].flatMap(portMappings),
    labels: {
      ...pod.metadata.labels,
      [POD_NAME_LABEL]: name,
      [POD_NAMESPACE_LABEL]: namespace,
      [POD_UID_LABEL]: uid,
    },
    annotations: annotationsOf(pod, paths),
    linux: {
      cgroupParent: '',
      securityContext: sandboxSecurityContext(pod),
      sysctls: Object.fromEntries((pod.spec.securityContext?.sysctls ?? []).map(({ name, value }) => [name, value])),
    },
  }
}

/** The pod's own, but that nobody but the kubelet says what is memory. */
function annotationsOf(pod: Pod, paths: NodePaths): Record<string, string> {
  const { [MEMORY_VOLUMES_ANNOTATION]: _, ...annotations } = pod.metadata.annotations ?? {}
  const volumes = computeMemoryVolumes(paths, pod)
  return volumes.length === 0
    ? annotations
    : { ...annotations, [MEMORY_VOLUMES_ANNOTATION]: encodeMemoryVolumes(volumes) }
}

/** Facts 2.18.2. */
export function podHostname(pod: Pod, nodeName: string): string {
  if (pod.spec.hostNetwork === true) return nodeName
  if (pod.spec.hostnameOverride !== undefined) return pod.spec.hostnameOverride
  const wanted = pod.spec.hostname ?? podReference(pod).name
  return wanted.slice(0, MAX_HOSTNAME).replace(/[-.]+$/, '')
}

/** What `hostname` says in the pod: the full name where the pod wants that and has one. */
function kernelHostname(pod: Pod, node: NodeFacts): string {
  const full = podHostDomain(pod, node)
  if (pod.spec.setHostnameAsFQDN !== true || full === undefined) return podHostname(pod, node.nodeName)
  if (full.length > MAX_KERNEL_HOSTNAME)
    throw new Error(
      `Failed to construct FQDN from Pod hostname and cluster domain, FQDN ${full} is too long (${MAX_KERNEL_HOSTNAME} characters is the max, ${full.length} characters requested)`,
    )
  return full
}

/** `host.subdomain.namespace.svc.domain`, for a pod with a subdomain. */
export function podHostDomain(pod: Pod, node: NodeFacts): string | undefined {
  const { subdomain, hostnameOverride } = pod.spec
  if (subdomain === undefined || subdomain === '' || hostnameOverride !== undefined) return undefined
  const { namespace } = podReference(pod)
  return `${podHostname(pod, node.nodeName)}.${subdomain}.${namespace}.svc.${node.dns.clusterDomain}`
}

/** Every declared port; those with a host port are opened on the node by the runtime (facts 2.18.5). */
function portMappings(container: Container): PortMapping[] {
  return (container.ports ?? []).map((port) => ({
    protocol: port.protocol ?? 'TCP',
    containerPort: port.containerPort,
    hostPort: port.hostPort ?? 0,
    hostIp: port.hostIP ?? '',
  }))
}
