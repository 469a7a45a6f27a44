/** The API's defaulting of a Pod: what `kubectl create` would get back, and what a kubelet does to a manifest (facts 1.3.5). */
import type {
  Container,
  HTTPGetAction,
  LifecycleHandler,
  Pod,
  PodSpec,
  Probe,
  ResourceRequirements,
} from '../api/core.ts'
import { parseImageReference } from '../api/image-reference.ts'
import { cloneData } from './clone.ts'
import { applyVolumeDefaults } from './volume-defaults.ts'

/** A copy of the pod with every default of `core/v1` written out. Applying it twice is the same as once. */
export function applyPodDefaults(pod: Pod): Pod {
  const result = cloneData(pod)
  setPodDefaults(result)
  return result
}

/** The same in place. */
export function setPodDefaults({ spec }: Pod): void {
  setPodTemplateDefaults(spec)
  spec.enableServiceLinks ??= true
  for (const container of containersOf(spec)) {
    if (container.resources !== undefined) defaultRequests(container.resources)
  }
  if (spec.hostNetwork === true) defaultHostNetworkPorts(spec)
  if (spec.resources !== undefined) defaultRequests(spec.resources)
}

/**
 * The defaults of a template's pod, in place: those that do not depend on being a Pod. Service links, requests out of limits
 * and host ports out of container ports wait until a Pod is made of it.
 */
export function setPodTemplateDefaults(spec: PodSpec): void {
  spec.restartPolicy ??= 'Always'
  spec.terminationGracePeriodSeconds ??= 30
  spec.dnsPolicy ??= 'ClusterFirst'
  spec.securityContext ??= {}
  spec.schedulerName ??= 'default-scheduler'
  defaultServiceAccount(spec)
  for (const volume of spec.volumes ?? []) applyVolumeDefaults(volume)
  for (const container of containersOf(spec)) defaultContainer(container)
}

function containersOf(spec: PodSpec): Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])]
}

/** `imagePullPolicy` when none is written: `Always` for the tag `latest`, else `IfNotPresent` (facts 2.10.1). */
export function defaultImagePullPolicy(image: string): 'Always' | 'IfNotPresent' {
  const parsed = parseImageReference(image)
  // Upstream's default for a name that cannot be parsed; the pod fails with InvalidImageName later.
  if (!parsed.ok) return 'IfNotPresent'
  const { tag, digest } = parsed.reference
  return tag === 'latest' || (tag === undefined && digest === undefined) ? 'Always' : 'IfNotPresent'
}

/** `serviceAccount` is the old name of `serviceAccountName`; the API always writes both. */
function defaultServiceAccount(spec: PodSpec): void {
  const name = spec.serviceAccountName ?? spec.serviceAccount
  if (name === undefined) return
  spec.serviceAccountName = name
  spec.serviceAccount = name
}

function defaultContainer(container: Container): void {
  container.terminationMessagePath ??= '/dev/termination-log'
  container.terminationMessagePolicy ??= 'File'
  container.imagePullPolicy ??= defaultImagePullPolicy(container.image ?? '')
  container.resources ??= {}
  for (const port of container.ports ?? []) port.protocol ??= 'TCP'
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.fieldRef !== undefined) valueFrom.fieldRef.apiVersion ??= 'v1'
    if (valueFrom?.resourceFieldRef !== undefined) valueFrom.resourceFieldRef.divisor ??= '0'
  }
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) {
    if (probe !== undefined) defaultProbe(probe)
  }
  for (const handler of [container.lifecycle?.postStart, container.lifecycle?.preStop]) {
    if (handler !== undefined) defaultHandler(handler)
  }
}

function defaultProbe(probe: Probe): void {
  probe.timeoutSeconds ??= 1
  probe.periodSeconds ??= 10
  probe.successThreshold ??= 1
  probe.failureThreshold ??= 3
  if (probe.grpc !== undefined) probe.grpc.service ??= ''
  defaultHandler(probe)
}

function defaultHandler(handler: LifecycleHandler | Probe): void {
  if (handler.httpGet !== undefined) defaultHTTPGet(handler.httpGet)
}

function defaultHTTPGet(action: HTTPGetAction): void {
  action.path ??= '/'
  action.scheme ??= 'HTTP'
}

/** A limit without a request is a request of the same amount. */
function defaultRequests(resources: ResourceRequirements): void {
  if (resources.limits === undefined) return
  const requests = { ...resources.limits, ...resources.requests }
  if (Object.keys(requests).length > 0) resources.requests = requests
}

/** In the host's network a container's port is the host's port (facts 2.18.4). */
function defaultHostNetworkPorts(spec: PodSpec): void {
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    for (const port of container.ports ?? []) {
      if (port.hostPort === undefined || port.hostPort === 0) port.hostPort = port.containerPort
    }
  }
}
